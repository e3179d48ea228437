import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Limits, Profile } from '../interpreters/compile/resumable.js'
import { NixReader } from '../stream/nix-reader.js'
import { NixWriter } from '../stream/nix-writer.js'
import { sinkOf } from '../stream/sink.js'
import { foreignAt } from './foreign.js'
import { abortedIssue, isOfTheStream, violation } from './issues.js'
import type { Transport } from './transport-types.js'
import { WatchedChunks } from './watched-chunks.js'

export interface LinkOptions {
  readonly storeDir?: string
  readonly limits?: Partial<Limits>
  readonly profile?: Profile
}

/**
 * One side of a connection: a reader, a writer, and what became of it. What breaks it breaks it for good: the first
 * issue is kept, everything is let go, and whoever waits is told.
 */
export class Link {
  readonly reader: NixReader
  readonly writer: NixWriter
  /** Resolves when the connection is given up, with the reason. */
  readonly lost: Promise<Issue>
  readonly #transport: Transport
  readonly #chunks: WatchedChunks
  readonly #abort = new AbortController()
  #lose: (issue: Issue) => void = () => undefined
  #failure: Issue | null = null
  #busy = false
  /** The read that waits for the first bytes of what comes next. */
  #arrival: Promise<unknown> | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(transport: Transport, { storeDir, limits, profile }: LinkOptions) {
    const protocol = storeDir === undefined ? {} : { storeDir }
    const moved = () => {
      this.#timer?.refresh()
    }
    this.#transport = transport
    this.#chunks = new WatchedChunks(transport.source, moved)
    this.reader = new NixReader(this.#chunks, {
      protocol,
      signal: this.#abort.signal,
      ...(limits === undefined ? {} : { limits }),
      ...(profile === undefined ? {} : { profile }),
    })
    const sink = sinkOf(transport.sink)
    this.writer = new NixWriter(
      {
        write: (chunk: Uint8Array) => {
          moved()
          return sink.write(chunk)
        },
        flush: () => sink.flush?.(),
      },
      { protocol, ...(limits === undefined ? {} : { limits }) },
    )
    this.lost = new Promise((resolve) => {
      this.#lose = resolve
    })
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
      void this.#transport.close()
      this.#lose(issue)
    }
    return this.#failure
  }

  /** Gives the connection up, and resolves when nothing is left of it. */
  async close(): Promise<void> {
    this.fail(abortedIssue(null, 'close(): this side ended the connection', this.reader.offset))
    await this.#transport.close()
  }

  /** Something is expected from the other side from now on: silence longer than `timeout` ends the connection. */
  begin(timeout: number | undefined): void {
    this.#busy = true
    this.#stopClock()
    if (timeout !== undefined && this.#failure === null) {
      // It is the stream that keeps the process alive, not the clock.
      this.#timer = setTimeout(() => this.#silent(timeout), timeout).unref()
    }
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
    if (this.reader.buffer.length > 0) {
      this.#intruded()
    } else {
      void this.#nextArrival()
    }
  }

  /** Whether something arrives, or the end, within so many milliseconds. */
  async stirs(milliseconds: number): Promise<boolean> {
    if (this.reader.buffer.length > 0) {
      return true
    }
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), milliseconds)
    })
    const stirred = await Promise.race([this.#nextArrival().then(() => true), silence])
    clearTimeout(timer)
    return stirred
  }

  /** Reads a value; an issue ends the connection. */
  async read<A>(grammar: Grammar<A>): Promise<Either<Issue, A>> {
    if (this.#arrival !== null) {
      await this.#arrival
    }
    const value = await this.reader.readValue(grammar)()
    return isLeft(value) ? left(this.fail(this.noted(value.left))) : value
  }

  /** Writes a value into the buffer; a value that has no form leaves nothing behind and does no harm. */
  async write<A>(grammar: Grammar<A>, value: A): Promise<Either<Issue, void>> {
    return this.#written(await this.writer.writeValue(grammar, value)())
  }

  async flush(): Promise<Either<Issue, void>> {
    return this.#written(await this.writer.flush()())
  }

  /** There is one read at a time: this one must be over before the next. */
  #nextArrival(): Promise<unknown> {
    this.#arrival ??= this.reader
      .fill()()
      .then((added) => {
        this.#arrival = null
        if (!this.#busy) {
          this.#intruded(isLeft(added) ? added.left : undefined)
        }
      })
    return this.#arrival
  }

  #written(written: Either<Issue, void>): Either<Issue, void> {
    return isLeft(written) && isOfTheStream(written.left) ? left(this.fail(written.left)) : written
  }

  #silent(timeout: number): void {
    if (this.#chunks.pending) {
      const cause = new DOMException(`nothing moved for ${timeout} ms`, 'TimeoutError')
      this.fail(abortedIssue(cause, `nothing for ${timeout} ms`, this.reader.offset))
    } else {
      // It is this side that does not go on reading.
      this.#timer?.refresh()
    }
  }

  #intruded(issue?: Issue): void {
    const { offset, buffer } = this.reader
    const actual =
      buffer.length > 0 ? `${buffer.length} bytes that nobody asked for` : 'the end: the other side closed it'
    const place = { offset, grammar: 'connection' }
    this.fail(issue ?? this.noted(violation('silence up to the next request', actual, place)))
  }

  #stopClock(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
      this.#timer = null
    }
  }
}
