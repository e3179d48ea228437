import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { after } from '../../bytes/after.js'
import { kindName } from '../../bytes/byte-array.js'
import type { Issue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { type CompileOptions, type Plans, plansFor } from '../../interpreters/compile/resumable.js'
import { other } from '../checks/facts.js'
import { Ear } from '../machine/ear.js'
import type { Bell } from '../machine/talk.js'
import type { Side } from '../node.js'
import { aborted, type Interruption, issueIn, sinkFailed, sourceFailed } from './interruption.js'
import { Mouth } from './mouth.js'
import { Stillness } from './stillness.js'
import type { BytesPair } from './streams.js'

// The most bytes that are read ahead of a slow reader.
const mostUnread = 2 ** 19

// How often a write is delayed for more messages. If both sides are in one process, their promises may never pause.
const mostDelays = 32

// The time limit for the last messages of a side that reads no more and has not closed.
const lastWordsWithin = 5000

// How long a side may go on after the last messages of this one, and how many bytes it may send.
const lingersFor = 5000
const lingersOver = 2 ** 26

/** How messages are read and written. */
export interface LineOptions extends CompileOptions {
  readonly protocol?: Partial<Protocol>
}

/**
 * One end of a connection: received and sent bytes, and the waiting parties. It ends once, for one reason.
 */
export class Line {
  readonly side: Side
  readonly ears: { readonly [S in Side]: Ear }
  readonly mouth: Mouth
  readonly stillness = new Stillness()
  /** Continues with everything that can go on. */
  onPump: () => void = () => undefined
  /** Whether anybody waits for more bytes. */
  isHeard: () => boolean = () => true
  /** Called when it is given up. */
  onFailure: (reason: Interruption) => void = () => undefined
  /** Resolves when it is completely closed. */
  readonly closed: Promise<Interruption>
  readonly #reader: ReturnType<BytesPair['readable']['getReader']>
  readonly #options: CompileOptions
  #plans: Plans
  #failure: Interruption | null = null
  /** Why nothing more can be written. */
  #deafness: Issue | null = null
  #close: (reason: Interruption) => void = () => undefined
  #isPumping = false
  #isAgain = false
  #isScheduled = false
  #isFlushing = false
  /** How often writing was delayed for more messages since the last write. */
  #delays = 0
  #wakeReader: (() => void) | null = null

  constructor({ readable, writable }: BytesPair, side: Side, { protocol = {}, ...options }: LineOptions) {
    this.side = side
    this.ears = { client: new Ear('client'), server: new Ear('server') }
    this.#options = options
    this.#plans = plansFor(protocol, options)
    this.closed = new Promise((resolve) => {
      this.#close = resolve
    })
    this.#reader = readable.getReader()
    this.mouth = new Mouth(
      writable.getWriter(),
      () => this.stillness.moved(),
      () => this.soon(),
      (thrown) => this.#cannotWrite(thrown),
    )
    void this.#listen()
  }

  get plans(): Plans {
    return this.#plans
  }

  agree(given: Partial<Protocol>): void {
    this.#plans = plansFor({ ...this.#plans.protocol, ...given }, this.#options)
  }

  /** The messages of the other side. */
  get ear(): Ear {
    return this.ears[other(this.side)]
  }

  get failure(): Interruption | null {
    return this.#failure
  }

  get deafness(): Issue | null {
    return this.#deafness
  }

  /** Writes a value completely, or not at all. */
  put(grammar: AnyGrammar, value: unknown): Either<Issue, void> {
    return this.#plans.write(grammar as Grammar<unknown>, value, (bytes) => this.mouth.put(bytes))
  }

  /** Wakes those who wait for it. */
  readonly ring = (bell: Bell): void => {
    bell.ring()
    this.soon()
  }

  /** Continues later in this tick: messages sent meanwhile go out together. */
  soon(): void {
    if (this.#isPumping) {
      this.#isAgain = true
    } else if (!this.#isScheduled) {
      this.#isScheduled = true
      void now.then(this.#pumpNow)
    }
  }

  readonly #pumpNow = (): void => {
    this.#isScheduled = false
    this.pump()
  }

  pump(): void {
    if (this.#isPumping) {
      this.#isAgain = true
      return
    }
    this.#isPumping = true
    try {
      do {
        this.#isAgain = false
        this.onPump()
        this.#isAgain = this.mouth.flushFull() || this.#isAgain
      } while (this.#isAgain)
    } catch (thrown) {
      // A user's function has failed, so the state of the conversation is unknown.
      this.fail(issueIn(thrown) ?? aborted(thrown, this.ear.feed.offset))
    } finally {
      this.#isPumping = false
    }
    this.#flushSoon()
    if (!this.#isFull) {
      const wake = this.#wakeReader
      this.#wakeReader = null
      wake?.()
    }
  }

  /** Messages that follow from replies go out together. */
  #flushSoon(): void {
    if (!this.mouth.isFilled) {
      return
    }
    this.#delays++
    if (this.#delays > mostDelays) {
      this.#flush()
    } else if (!this.#isFlushing) {
      this.#isFlushing = true
      afterPromises(this.#flushLater)
    }
  }

  readonly #flushLater = (): void => {
    this.#isFlushing = false
    this.#flush()
  }

  #flush(): void {
    this.#delays = 0
    this.mouth.flush()
  }

  /** Whether the buffer is full. A long message may exceed the buffer for a slow reader. */
  get #isFull(): boolean {
    return this.ear.feed.unread > mostUnread && !this.isHeard()
  }

  /** Gives the connection up; of several reasons the first counts, and is returned. */
  fail(reason: Interruption): Interruption {
    if (this.#failure !== null) {
      return this.#failure
    }
    this.#failure = reason
    this.ear.feed.end()
    const done = this.mouth.abort(reason)
    this.#cancel(reason)
    this.onFailure(reason)
    if (done instanceof Promise) {
      void done.then(() => this.#close(reason))
    } else {
      this.#close(reason)
    }
    return reason
  }

  /** The reason for something that could not be read: if messages end, the earlier failure, or that the other side closed. */
  reasonOf(issue: Issue): Issue {
    if (issue._tag !== 'UnexpectedEnd') {
      return issue
    }
    return (
      this.#deafness ?? { ...issue, actual: `${issue.actual}: the ${other(this.side)} closed the connection` }
    )
  }

  /**
   * Sends the rest and closes. `lingers`: what the other side still sends is skipped for a moment, since a connection
   * closed with unread bytes is reset, and the other side may lose the last messages of this one.
   */
  async finish(reason: Interruption, lingers: boolean): Promise<void> {
    if (this.#failure !== null) {
      return
    }
    this.onFailure = () => undefined
    this.onPump = () => this.ear.feed.drop()
    this.soon()
    await this.mouth.close()
    if (lingers && this.#failure === null) {
      await this.#linger()
    }
    this.onPump = () => undefined
    this.fail(reason)
  }

  /** Resolves when the other side has ended, or has gone on for too long. */
  async #linger(): Promise<void> {
    const { feed } = this.ear
    const most = feed.arrived + lingersOver
    await new Promise<void>((resolve) => {
      const stop = after(lingersFor, resolve)
      const over = () => {
        stop()
        resolve()
      }
      this.onFailure = over
      this.onPump = () => {
        feed.drop()
        if (feed.ended || feed.arrived > most) {
          over()
        }
      }
      this.soon()
    })
    this.onFailure = () => undefined
  }

  async #listen(): Promise<void> {
    const { feed } = this.ear
    try {
      for (;;) {
        const { done, value } = await this.#reader.read()
        if (this.#failure !== null) {
          return
        }
        this.stillness.moved()
        if (done) {
          break
        }
        if (!(value instanceof Uint8Array)) {
          throw new TypeError(`a stream of bytes gave ${kindName(value)}`)
        }
        feed.push(value)
        this.pump()
        feed.settle()
        while (this.#isFull && this.#failure === null) {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve
          })
        }
      }
      feed.end()
      this.pump()
    } catch (thrown) {
      this.fail(this.#deafness ?? sourceFailed(thrown, feed.offset))
    }
  }

  /**
   * The bytes that the other side sent before are still read: its last message says more than that it reads no more.
   */
  #cannotWrite(thrown: unknown): void {
    if (this.side === 'server') {
      // Later messages of a client are useless then.
      this.fail(sinkFailed(thrown, this.mouth.position))
    } else if (this.#failure === null && this.#deafness === null) {
      this.#deafness = sinkFailed(thrown, this.mouth.position)
      after(lastWordsWithin, () => this.#deafness !== null && this.fail(this.#deafness))
      this.soon()
    }
  }

  #cancel(reason: unknown): void {
    this.#wakeReader?.()
    try {
      const done = this.#reader.cancel(reason)
      if (done instanceof Promise) {
        done.catch(() => undefined)
      }
    } catch {
      // The stream was closed already.
    }
  }
}

// Reusing one resolved promise is cheaper than making one each time.
const now = Promise.resolve()

const { process } = globalThis as { readonly process?: { readonly nextTick?: (act: () => void) => void } }

/**
 * Calls after all promises that are settled or about to be, if the platform has that; otherwise after the current ones.
 */
const afterPromises: (act: () => void) => void =
  typeof process?.nextTick === 'function' ? process.nextTick.bind(process) : queueMicrotask

/** A value of this side in the form on the wire, without writing it. */
export const formOf = (plans: Plans, grammar: AnyGrammar, value: unknown): Either<Issue, Uint8Array> => {
  let form: Uint8Array | null = null
  const written = plans.write(grammar as Grammar<unknown>, value, (bytes) => {
    form = bytes.slice()
  })
  return isLeft(written) ? left(written.left) : right(form ?? new Uint8Array(0))
}
