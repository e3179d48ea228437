import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import { paddedContent } from '../../combinators/wire-bytes.js'
import { type AnyFlow, type ConversationEvent, type Observer, observe } from '../../conversation/index.js'
import { openTransport } from '../../daemon/transport.js'
import { listeningPairOf } from '../../daemon/transport-pair.js'
import type { Target, Transport } from '../../daemon/transport-types.js'
import type { Side } from '../../session/events.js'
import type { Move, Until } from './case.js'

/** Bytes of one side, with the time. */
export interface Sent {
  readonly side: Side
  readonly bytes: Uint8Array
  readonly at: number
}

/** What happened on a connection. */
export interface Heard {
  readonly events: ReadonlyArray<ConversationEvent>
  readonly sent: ReadonlyArray<Sent>
  /** How a program ended, if the daemon is one: `nix-daemon exited with code 139`. */
  readonly ending: string | null
  readonly hangs: boolean
}

/** The options of a line. */
export interface LineOptions {
  /** The place of the daemon, or a function that returns a new one for each connection. */
  readonly target: Target | (() => Target)
  readonly flow: AnyFlow
  readonly storeDir: string
  /** Resolves when a daemon has been silent for too long. Called again for each wait. */
  readonly patience: (signal: AbortSignal) => Promise<void>
  /**
   * Resolves when a program on pipes has been silent for so long that it must be waiting for input. Closing its input
   * earlier would interrupt its work.
   */
  readonly pause: (signal: AbortSignal) => Promise<void>
}

/** One connection to a daemon, and the events of an observer. */
export class Line {
  readonly #transport: Transport
  readonly #options: LineOptions
  readonly #observer: Observer
  readonly #events: Array<ConversationEvent> = []
  readonly #sent: Array<Sent> = []
  readonly #writer
  readonly #reading: Promise<void>
  #wake: () => void = () => undefined
  #hasEnded = false
  #hangs = false
  /** The number of events that have been checked for the awaited one. */
  #seen = 0

  constructor(transport: Transport, options: LineOptions) {
    this.#transport = transport
    this.#options = options
    this.#observer = observe(options.flow, {
      protocol: { storeDir: options.storeDir },
      // Generating code does not pay off for one connection.
      evaluate: false,
    })
    const pair = listeningPairOf(transport)
    this.#writer = pair.writable.getWriter()
    this.#reading = this.#read(pair.readable.getReader())
  }

  /**
   * Sends one move, and waits for what it should wait for. Nothing is sent to a daemon that has closed or hangs.
   */
  async make(move: Move): Promise<void> {
    if (!this.#isOver) {
      await this.#say(move.bytes, move.twin ?? move.bytes, move.cut)
      await this.#until(move.until, move.answers ?? null)
    }
  }

  /**
   * Closes the sending side, and reads to the end. On pipes it first waits until that many operations are over.
   */
  async finish(turns: number): Promise<Heard> {
    if (typeof this.#options.target === 'object' && 'command' in this.#options.target) {
      await this.#rest(turns)
    }
    this.#tell(this.#observer.end('client'))
    await this.#done(async () => void (await this.#writer.close()))
    await this.#silence(() => this.#hasEnded)
    return this.leave()
  }

  /** Closes the connection at once. */
  async leave(): Promise<Heard> {
    await this.#transport.close()
    await this.#reading
    const ending = this.#transport.ending?.() ?? null
    return { events: this.#events, sent: this.#sent, ending, hangs: this.#hangs }
  }

  get #isOver(): boolean {
    return this.#hasEnded || this.#hangs
  }

  async #say(bytes: Uint8Array, heard: Uint8Array, cut = bytes.length): Promise<void> {
    this.#sent.push({ side: 'client', bytes, at: Date.now() })
    this.#tell(this.#observer.push('client', heard))
    await this.#done(async () => {
      for (let at = 0; at < bytes.length; at += cut) {
        await this.#writer.write(bytes.subarray(at, at + cut))
      }
    })
  }

  /** Waits until something is written, or the daemon has closed: what it sent before that counts. */
  async #done(write: () => Promise<void>): Promise<void> {
    let isDone = false
    const over = () => {
      isDone = true
      this.#wake()
    }
    write().then(over, over)
    await this.#silence(() => isDone || this.#hasEnded)
  }

  async #until(until: Until, answers: Uint8Array | null): Promise<void> {
    let rest = answers
    for (let is = isMet[until]; until !== 'nothing' && !this.#isOver; ) {
      const event = this.#events[this.#seen]
      if (event === undefined) {
        await this.#silence(() => this.#hasEnded || this.#seen < this.#events.length)
        continue
      }
      this.#seen++
      if (is(event)) {
        return
      }
      const wanted = rest === null ? null : asksFor(event)
      if (wanted !== null && rest !== null) {
        const piece = paddedContent(rest.subarray(0, wanted))
        rest = rest.subarray(wanted)
        await this.#say(piece, piece)
      }
    }
  }

  async #rest(turns: number): Promise<void> {
    const isDone = (): boolean => this.#isOver || this.#events.filter(isMet.turn).length >= turns
    while (!isDone() && (await this.#woken(this.#options.pause))) {
      // Something came, so more may come.
    }
  }

  /** Whether anything comes in time. */
  async #woken(patience: LineOptions['patience']): Promise<boolean> {
    const over = new AbortController()
    const woken = new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true)
    })
    const late = patience(over.signal).then(() => false)
    const came = await Promise.race([woken, late])
    over.abort()
    return came
  }

  /** Waits until a condition holds, or for too long. */
  async #silence(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#hangs) {
      this.#hangs = !(await this.#woken(this.#options.patience)) && !isSo()
    }
  }

  async #read(
    reader: ReturnType<ReturnType<typeof listeningPairOf>['readable']['getReader']>,
  ): Promise<void> {
    try {
      for (let next = await reader.read(); next.done !== true; next = await reader.read()) {
        if (next.value !== undefined) {
          this.#sent.push({ side: 'server', bytes: next.value.slice(), at: Date.now() })
          this.#tell(this.#observer.push('server', next.value))
        }
      }
    } catch {
      // The connection was reset, which is an end too.
    }
    this.#hasEnded = true
    this.#tell(this.#observer.end('server'))
  }

  #tell(events: ReadonlyArray<ConversationEvent>): void {
    for (const event of events) {
      this.#events.push(event)
    }
    this.#wake()
  }
}

const isMet: { readonly [U in Until]: (event: ConversationEvent) => boolean } = {
  hello: (event) => event.kind === 'said' && event.key === 'hello',
  features: (event) => event.kind === 'said' && event.key === 'daemonFeatures',
  ready: (event) => event.kind === 'said' && event.turn === null && tagOf(event.value) === 'Last',
  turn: (event) => event.kind === 'turn' && event.is === 'over' && event.turn.loop === 'operations',
  nothing: () => true,
}

const tagOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '_tag' in value ? value._tag : undefined

/** How many bytes a daemon requests; null if it requests none. */
const asksFor = (event: ConversationEvent): number | null =>
  event.kind === 'said' && event.key === 'log' && tagOf(event.value) === 'Read'
    ? (event.value as { readonly wanted: number }).wanted
    : null

/** Connects to a daemon. Returns the error as text if there is none. */
export const openLine = async (options: LineOptions): Promise<Line | string> => {
  const { target } = options
  const transport = await openTransport(
    typeof target === 'function' ? target() : target,
    new AbortController().signal,
  )
  return isLeft(transport) ? showIssue(transport.left) : new Line(transport.right, options)
}
