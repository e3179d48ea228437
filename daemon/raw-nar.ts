import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { Past } from '../bytes/past.js'
import type { Issue } from '../combinators/issue.js'
import { LogMessage } from '../grammar/logging.js'
import type { Chunks } from '../stream/chunks.js'
import { IssueError } from '../stream/issue-error.js'
import { NarParser } from '../stream/nar/parser.js'
import { NixReader } from '../stream/nix-reader.js'
import { RemoteError } from './failure.js'
import type { Link } from './link.js'

/** What an error message begins with, where an archive should go on. */
const errorTag = 0x63787470

const keptTail = 16

/**
 * The archive that stands on a connection as it is: no length in front, no frames. It ends itself, and what follows it
 * stays in the reader.
 */
export class RawNar implements Chunks, AsyncIterable<Uint8Array> {
  readonly #reader: NixReader
  readonly #limits: Link['limits']
  readonly #parser: NarParser
  /** The last bytes that were read: an error message may begin in them. */
  readonly #tail = new Past(keptTail)
  #ended = false

  constructor({ reader, limits }: Pick<Link, 'reader' | 'limits'>) {
    this.#reader = reader
    this.#limits = limits
    this.#parser = new NarParser({ offset: reader.offset })
  }

  /** Whether the archive is over. */
  get ended(): boolean {
    return this.#ended
  }

  /**
   * The next bytes; null behind the archive.
   *
   * @throws IssueError for what is no archive; RemoteError where the daemon says why it goes no further. The
   * connection is of no more use then.
   */
  async next(): Promise<Uint8Array | null> {
    if (this.#ended) {
      return null
    }
    if (this.#reader.buffer.length === 0) {
      await this.#arrival()
    }
    const chunk = this.#reader.buffer
    const step = this.#parser.push(chunk)
    if (step._tag === 'failed') {
      throw (await this.#errorInstead(step.issue)) ?? new IssueError(step.issue)
    }
    this.#ended = step._tag === 'end'
    return this.#take(step._tag === 'end' ? chunk.length - step.rest.length : chunk.length)
  }

  cancel(): void {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
      yield chunk
    }
  }

  async #arrival(): Promise<void> {
    const added = await this.#reader.fill()()
    if (isLeft(added)) {
      throw new IssueError(added.left)
    }
    const issue = added.right === 0 ? this.#parser.finish() : null
    if (issue !== null) {
      throw new IssueError(issue)
    }
  }

  async #take(count: number): Promise<Uint8Array> {
    const some = await this.#reader.readSome(count)()
    if (isLeft(some)) {
      throw new IssueError(some.left)
    }
    const bytes = some.right._tag === 'Some' ? some.right.value : new Uint8Array(0)
    this.#tail.add(bytes)
    return bytes
  }

  /** The error that stands at the place of the issue, where there is one. */
  async #errorInstead({ offset }: Issue): Promise<RemoteError | null> {
    const tail = this.#tail.latest
    const start = this.#reader.offset - tail.length
    const seen = Buffer.concat([tail, this.#reader.buffer])
    const at = offset - start
    if (at < 0 || at + 8 > seen.length || seen.readBigUInt64LE(at) !== BigInt(errorTag)) {
      return null
    }
    const rest = new NixReader(this.#reader.rest(), {
      buffer: seen.subarray(at, tail.length),
      protocol: this.#reader.protocol,
      limits: this.#limits,
    })
    // What the tail does not hold lies in front, in the connection's own reader.
    await this.#skip(Math.max(0, at - tail.length))
    const message = await rest.readValue(LogMessage)()
    return isRight(message) && message.right._tag === 'Error'
      ? new RemoteError({ _tag: 'DaemonError', ...message.right.error })
      : null
  }

  async #skip(count: number): Promise<void> {
    if (count > 0) {
      await this.#reader.readSome(count)()
    }
  }
}
