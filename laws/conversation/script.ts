import { equalValues } from '../../bytes/equal.js'
import type { BytesPair, BytesReadable, BytesWritable, ConversationEvent } from '../../conversation/index.js'
import type { Side } from '../../conversation/node.js'
import type { MadeSession } from '../../interpreters/conversations/index.js'
import { fail } from '../expect.js'

/**
 * How often nothing may change, a millisecond apart, before a side is taken to be stuck. Its own timers fire earlier,
 * since those of an event loop keep their order however slow it is.
 */
const patience = 200

/** Waits a millisecond. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

export interface ScriptOptions {
  /** The tested side; the script plays the other one. */
  readonly side: Side
  /** The most bytes that the script sends at once. */
  readonly cut: number
  /** Whether it sends everything at once, or each part in its turn. */
  readonly atOnce: boolean
}

/**
 * One side of a generated session, for the tested side: checks the messages of the tested side, and sends its own.
 */
export class Script {
  /** The streams of the tested side. */
  readonly pair: BytesPair
  readonly #session: MadeSession
  readonly #options: ScriptOptions
  readonly #expected: Uint8Array
  /** The bytes that are sent and not read yet. */
  readonly #chunks: Array<Uint8Array> = []
  /** The number of bytes received, and of moves done. */
  #arrived = 0
  #done = 0
  #isEnded = false
  #hasLeft = false
  #failure: Error | null = null
  #wake: () => void = () => undefined
  /** How often anything has changed. */
  #moved = 0

  constructor(session: MadeSession, options: ScriptOptions) {
    this.#session = session
    this.#options = options
    this.#expected = session[options.side]
    this.pair = { readable: this.#readable, writable: this.#writable }
    this.#advance()
  }

  get hasFailed(): boolean {
    return this.#failure !== null
  }

  /**
   * The result of some work on the pair. @throws Error if nothing changes any more, or something else was sent.
   */
  async held<A>(work: Promise<A>): Promise<A> {
    let isOver = false
    const ended = () => {
      isOver = true
    }
    const over = work.then(ended, ended)
    for (let still = 0, last = -1; !isOver && still < patience; still++) {
      if (this.#moved !== last) {
        last = this.#moved
        still = 0
      }
      await Promise.race([over, pause()])
    }
    this.#throw()
    if (!isOver) {
      this.#break(
        `the ${this.#options.side} neither sends nor reads anything more, ${this.#place(this.#arrived)}`,
      )
      this.#throw()
    }
    return work
  }

  /** @throws Error unless all was sent. */
  expectAll(): void {
    this.#throw()
    if (this.#arrived < this.#expected.length) {
      fail(`the ${this.#options.side} sends no more, ${this.#place(this.#arrived)}`)
    }
  }

  get #readable(): BytesReadable {
    return {
      getReader: () => ({
        read: async () => {
          while (this.#chunks.length === 0 && !this.#isEnded && this.#failure === null) {
            await new Promise<void>((resolve) => {
              this.#wake = resolve
            })
          }
          this.#moved++
          this.#throw()
          const value = this.#chunks.shift()
          return value === undefined ? { done: true } : { done: false, value }
        },
        cancel: async () => this.#leave(),
      }),
    }
  }

  get #writable(): BytesWritable {
    return {
      getWriter: () => ({
        write: async (chunk) => this.#hear(chunk),
        close: async () => this.#leave(),
        abort: async () => this.#leave(),
      }),
    }
  }

  #hear(chunk: Uint8Array): void {
    this.#throw()
    const end = this.#arrived + chunk.length
    if (!equalValues(chunk, this.#expected.subarray(this.#arrived, end))) {
      const at = chunk.findIndex((byte, i) => byte !== this.#expected[this.#arrived + i])
      this.#break(`the ${this.#options.side} sends something else, ${this.#place(this.#arrived + at)}`)
      this.#throw()
    }
    this.#arrived = end
    this.#advance()
  }

  #leave(): void {
    this.#hasLeft = true
    this.#advance()
  }

  /** Sends what is due. */
  #advance(): void {
    this.#moved++
    const { side, atOnce } = this.#options
    const { moves, events } = this.#session
    for (let move = moves[this.#done]; move !== undefined; move = moves[this.#done]) {
      if (move.side !== side) {
        this.#send(this.#session[move.side].subarray(move.start, move.end))
      } else if (!atOnce && move.end > this.#arrived) {
        break
      }
      this.#done++
    }
    const goesFirst = events.some((event) => event.kind === 'end' && event.how !== 'done')
    const isSaid = this.#done === moves.length
    this.#isEnded ||= this.#hasLeft || (isSaid && (atOnce || goesFirst))
    this.#wake()
  }

  #send(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += this.#options.cut) {
      this.#chunks.push(bytes.slice(at, at + this.#options.cut))
    }
  }

  #break(why: string): void {
    this.#failure ??= new Error(why)
    this.#wake()
  }

  #throw(): void {
    if (this.#failure !== null) {
      throw this.#failure
    }
  }

  /** The place of that in its messages. */
  #place(at: number): string {
    const { events } = this.#session
    const word = events.find((event) => isAt(event, this.#options.side, at))
    const key = word !== undefined && 'key' in word ? [...word.within, word.key].join('.') : 'nothing'
    return `at byte ${at} of ${this.#expected.length}, in ${key}`
  }
}

const isAt = (event: ConversationEvent, side: Side, at: number): boolean =>
  'start' in event && event.side === side && at >= event.start && at < event.end
