import { setTimeout as sleep } from 'node:timers/promises'
import { type Either, isLeft, isRight, left } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { type OptionChecks, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { type Limits, limitsOf, type Profile } from '../interpreters/compile/resumable.js'
import { messageLimitOfHandshake } from '../session/handshake-limit.js'
import type { ByteSink } from '../stream/byte-sink.js'
import { NixReader } from '../stream/nix-reader.js'
import { NixWriter } from '../stream/nix-writer.js'
import { nixProtocol } from '../types/nix-protocol.js'
import { foreignAt } from './foreign.js'
import { abortedIssue, isOfTheStream, lateIssue, timeoutIssue, violation } from './issues.js'
import { separateSink } from './keep-reading.js'
import { after, Stillness } from './stillness.js'
import type { Transport } from './transport-types.js'
import { WatchedChunks } from './watched-chunks.js'

export interface LinkOptions {
  readonly storeDir?: string
  readonly limits?: Partial<Limits>
  readonly profile?: Profile
}

/** How each option is checked. */
export const linkOptions: OptionChecks<LinkOptions> = {
  storeDir: usual.storeDir,
  limits: usual.limits,
  profile: usual.profile,
}

// How long the last words may take from a side that reads no more and has not closed the connection.
const lastWordsWithin = 5000

// How long what is still to be said may take on a connection that is given up.
const lastWritesWithin = 1000

// How long a client may go on after it was refused. It ends the connection itself when it has read why.
const lingersFor = 5000

// A connection that rests keeps its buffers, and there may be thousands of them.
const reservedBufferSize = 1024

type OnFailure = (issue: Issue) => void | Promise<void>

/** What comes where nothing is read: bytes, or the end. */
export type Stir = 'bytes' | 'end'

/**
 * One side of a connection: a reader, a writer, and what became of it. The first issue closes it for good and rejects
 * all that wait. A failed write alone does not while an answer is awaited: what the other side said before is read first.
 */
export class Link {
  readonly reader: NixReader
  readonly writer: NixWriter
  /** Those of the values, and of what reads beside {@link reader}. */
  readonly limits: Limits
  /** Resolves when the connection is given up, with the reason. */
  readonly lost: Promise<Issue>
  readonly #transport: Transport
  readonly #chunks: WatchedChunks
  readonly #abort = new AbortController()
  readonly #stillness = new Stillness()
  readonly #onFailure = new Set<OnFailure>()
  #lose: (issue: Issue) => void = () => undefined
  #failure: Issue | null = null
  #closed: Promise<void> = Promise.resolve()
  /** Why nothing more can be written. */
  #deafness: Issue | null = null
  #busy = false
  /** How many writes the other side has not taken. */
  #writing = 0
  /** The read that waits for the first bytes of what comes next. */
  #arrival: Promise<Stir> | null = null
  #timeout = Number.POSITIVE_INFINITY
  #stopClock: () => void = () => undefined

  constructor(transport: Transport, { storeDir, limits, profile }: LinkOptions) {
    const given = nixProtocol(storeDir === undefined ? {} : { storeDir })
    this.#transport = transport
    this.limits = limitsOf(limits)
    this.#chunks = new WatchedChunks(transport.source, () => this.#stillness.moved())
    this.reader = new NixReader(this.#chunks, {
      protocol: given,
      signal: this.#abort.signal,
      reservedBufferSize,
      ...(limits === undefined ? {} : { limits }),
      ...(profile === undefined ? {} : { profile }),
    })
    this.writer = new NixWriter(this.#watched(separateSink(transport.sink)), {
      protocol: given,
      ...(limits === undefined ? {} : { limits }),
    })
    this.reader.setMessageLimit(messageLimitOfHandshake(limits))
    this.lost = new Promise((resolve) => {
      this.#lose = resolve
    })
  }

  /** The handshake is done: a value may take what the limits say. */
  greeted(): void {
    this.reader.setMessageLimit(this.limits.message)
  }

  get protocol(): Protocol {
    return this.reader.protocol
  }

  setProtocol(given: Partial<Protocol>): void {
    this.reader.setProtocol(given)
    this.writer.setProtocol(given)
  }

  /** Why the connection was given up; null while it is good. */
  get failure(): Issue | null {
    return this.#failure
  }

  /** Whether nothing more can be written, and what the other side said before is still being read. */
  get isDeaf(): boolean {
    return this.#failure === null && this.#deafness !== null
  }

  /** What the other side said beside the protocol. */
  get aside(): string {
    return this.#transport.aside?.() ?? ''
  }

  /** How the other side ended, if that is known. */
  get ending(): string | null {
    return this.#transport.ending?.() ?? null
  }

  /** An issue of reading, with the text that the other side sent in place of the protocol. */
  noted(issue: Issue): Issue {
    const foreign = foreignAt(issue, this.reader.bytesFrom(issue.offset))
    return foreign === null ? issue : { ...issue, actual: `${issue.actual}; ${foreign}` }
  }

  /** Gives the connection up; of several issues the first counts, and is what this returns. */
  fail(issue: Issue): Issue {
    if (this.#failure === null) {
      this.#failure = issue
      this.#stopClock()
      this.#abort.abort(issue)
      this.#lose(issue)
      const last = [...this.#onFailure].map((act) => act(issue))
      this.#onFailure.clear()
      this.#closed = this.#closeBehind(last.filter((each) => each !== undefined))
    }
    return this.#failure
  }

  /**
   * Calls when the connection is given up, and waits a moment for what that gives before it closes. What it returns
   * takes that back, as {@link lost} cannot.
   */
  onFailure(act: OnFailure): () => void {
    this.#onFailure.add(act)
    return () => this.#onFailure.delete(act)
  }

  /** Waits for something on this side, as long as there is a connection. */
  async whileGood(working: Promise<void>): Promise<void> {
    if (this.#failure !== null) {
      working.catch(() => undefined)
      return
    }
    let forget: () => void = () => undefined
    const lost = new Promise<void>((resolve) => {
      forget = this.onFailure(() => resolve())
    })
    try {
      await Promise.race([working, lost])
    } finally {
      forget()
    }
  }

  /** Something goes on: no silence is counted from before it. */
  moved(): void {
    this.#stillness.moved()
  }

  /** Calls once, when nothing has moved in either direction for so long. What it returns ends the watch. */
  onSilence(timeout: number, act: () => void): () => void {
    return this.#stillness.watch(timeout, act)
  }

  /**
   * Gives the connection up when nothing has moved for so long and the other side is waited for: to go on, or to take what
   * it is told. What it returns ends the watch.
   */
  awaits(timeout: number): () => void {
    const isAwaited = () => this.#isAwaited
    return this.#stillness.watchWhile(isAwaited, timeout, () => this.#giveUp(timeout))
  }

  /** Gives the connection up if something takes longer, however much moves. What it returns ends the watch. */
  expectWithin(timeout: number, what: string): () => void {
    return after(timeout, () => void this.fail(lateIssue(what, timeout, this.reader.offset)))
  }

  /**
   * A failed write. While an answer is awaited, what the other side said before is still read: its last words say more
   * than a broken pipe. {@link read} gives the connection up at their end, {@link rest} if the answer was whole.
   */
  cannotWrite(issue: Issue): Issue {
    if (this.#failure !== null || !this.#busy) {
      return this.fail(issue)
    }
    if (this.#deafness === null) {
      this.#deafness = issue
      this.#startClock(Math.min(this.#timeout, lastWordsWithin))
    }
    return this.#deafness
  }

  /** Gives the connection up, and resolves when nothing is left of it. */
  async close(): Promise<void> {
    this.fail(abortedIssue(null, 'close(): this side ended the connection', this.reader.offset))
    await this.#closed
  }

  /**
   * Ends this side, and passes over what the other still says, for a moment: a connection that is closed with bytes
   * unread is reset, and the other side may lose the last words of this one.
   */
  async linger(): Promise<void> {
    const { sink } = this.#transport
    if ('end' in sink && typeof sink.end === 'function') {
      sink.end()
    }
    const over = new AbortController()
    const late = sleep(lingersFor, null, { signal: over.signal }).catch(() => null)
    for (let more = true; more && this.#failure === null; ) {
      const some = await Promise.race([this.reader.readSome()(), late])
      more = some !== null && isRight(some) && isSome(some.right)
    }
    over.abort()
  }

  async #closeBehind(last: ReadonlyArray<Promise<void>>): Promise<void> {
    if (last.length > 0) {
      const over = new AbortController()
      const late = sleep(lastWritesWithin, undefined, { signal: over.signal }).catch(() => undefined)
      await Promise.race([Promise.allSettled(last), late])
      over.abort()
    }
    await this.#transport.close()
  }

  /** Something is expected from the other side from now on: silence longer than `timeout` ends the connection. */
  begin(timeout = Number.POSITIVE_INFINITY): void {
    this.#busy = true
    this.#startClock(timeout)
  }

  /**
   * Nothing is expected any more: what arrives before the next {@link begin} has no place in the protocol, and that
   * the other side is gone is noticed at once.
   */
  rest(): void {
    this.#busy = false
    this.#stopClock()
    if (this.#failure !== null) {
      return
    }
    if (this.#deafness !== null) {
      this.fail(this.#deafness)
    } else if (this.reader.buffer.length > 0) {
      this.#intruded()
    } else {
      void this.#nextArrival()
    }
  }

  /** What comes next behind what has been read, or null if `patience` is over before that. */
  stirs(patience: Promise<null>): Promise<Stir | null> {
    return this.reader.buffer.length > 0
      ? Promise.resolve('bytes')
      : Promise.race([this.#nextArrival(), patience])
  }

  /** Reads a value; an issue ends the connection. */
  async read<A>(grammar: Grammar<A>): Promise<Either<Issue, A>> {
    if (this.#arrival !== null) {
      await this.#arrival
    }
    const value = await this.reader.readValue(grammar)()
    return isLeft(value) ? left(this.#cannotRead(this.noted(value.left))) : value
  }

  /** Writes a value into the buffer; a value that has no form leaves nothing behind and does no harm. */
  async write<A>(grammar: Grammar<A>, value: A): Promise<Either<Issue, void>> {
    return this.#written(await this.writer.writeValue(grammar, value)())
  }

  async flush(): Promise<Either<Issue, void>> {
    return this.#written(await this.writer.flush()())
  }

  /** There is one read at a time: this one must be over before the next. */
  #nextArrival(): Promise<Stir> {
    this.#arrival ??= this.reader
      .fill()()
      .then((added) => {
        this.#arrival = null
        if (!this.#busy) {
          this.#intruded(isLeft(added) ? added.left : undefined)
        }
        return isLeft(added) || added.right === 0 ? 'end' : 'bytes'
      })
    return this.#arrival
  }

  /** A sink whose writes count as movement, and are known while the other side has not taken them. */
  #watched(sink: ByteSink): ByteSink {
    const taken = (busy: void | Promise<void>): void | Promise<void> => {
      this.#stillness.moved()
      if (busy === undefined) {
        return
      }
      this.#writing++
      return busy.finally(() => {
        this.#writing--
        this.#stillness.moved()
      })
    }
    return {
      write: (chunk) => taken(sink.write(chunk)),
      flush: () => taken(sink.flush?.()),
    }
  }

  #written(written: Either<Issue, void>): Either<Issue, void> {
    return isLeft(written) && isOfTheStream(written.left) ? left(this.cannotWrite(written.left)) : written
  }

  /** Where the last words end, the reason is what failed before. */
  #cannotRead(issue: Issue): Issue {
    return this.fail(this.#deafness !== null && issue._tag === 'UnexpectedEnd' ? this.#deafness : issue)
  }

  #startClock(timeout: number): void {
    this.#stopClock()
    this.#timeout = timeout
    if (this.#failure === null) {
      this.#stopClock = this.awaits(timeout)
    }
  }

  /** Whether this side waits for the other one: to say something, or to take what it is told. */
  get #isAwaited(): boolean {
    return this.#chunks.pending || this.#writing > 0
  }

  #giveUp(timeout: number): void {
    this.fail(this.#deafness ?? timeoutIssue(timeout, this.reader.offset))
  }

  #intruded(issue?: Issue): void {
    const { offset, buffer } = this.reader
    const actual =
      buffer.length > 0 ? `${buffer.length} bytes that nobody asked for` : 'the end: the other side closed it'
    const place = { offset, grammar: 'connection' }
    this.fail(issue ?? this.noted(violation('silence up to the next request', actual, place)))
  }
}
