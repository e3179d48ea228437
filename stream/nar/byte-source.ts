import type { Either } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../../bytes/byte-array.js'
import type { Issue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import * as words from '../../combinators/words.js'
import { Input, type Plans } from '../../interpreters/compile/resumable.js'
import type { Chunks } from '../chunks.js'
import { IssueError, messageOf } from '../issue-error.js'
import { chunksOf, type Source } from '../source.js'

/**
 * A source of bytes that takes unused bytes back, so that several readers can follow one another on one stream: a
 * value, an archive, a value.
 */
export class ByteSource implements Chunks {
  readonly #chunks: Chunks
  /** What has been read too much, and what a value is read from. */
  readonly #input = new Input()

  /** `offset` is the offset of the first byte, for issues. Default: that of another `ByteSource`, or else 0. */
  constructor(source: Source, offset = offsetOf(source)) {
    this.#chunks = chunksOf(source)
    this.#input.pass(offset)
  }

  /** The source itself if it is a `ByteSource`, else a new one around it. */
  static of(source: Source | ByteSource): ByteSource {
    return source instanceof ByteSource ? source : new ByteSource(source)
  }

  /** The offset of the next byte. */
  get offset(): number {
    return this.#input.offset
  }

  /** The next chunk, never empty; null at the end. It rejects with an {@link IssueError} if the source fails. */
  async next(): Promise<Uint8Array | null> {
    if (this.#input.unread > 0) {
      return this.#input.handOver()
    }
    const chunk = await this.#pull()
    this.#input.pass(chunk?.length ?? 0)
    return chunk
  }

  /** Gives bytes back: the end of the last chunk, which is then read next. */
  unread(rest: Uint8Array): void {
    expectBytes('what is given back', rest)
    if (rest.length > 0) {
      this.#input.putBack(rest)
    }
  }

  cancel(reason: unknown): void {
    this.#chunks.cancel(reason)
  }

  /** The remaining bytes, chunk by chunk. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
      yield chunk
    }
  }

  /** @internal Reads one value. */
  async read<A>(grammar: Grammar<A>, plans: Plans): Promise<Either<Issue, A>> {
    const input = this.#input
    const reading = plans.read(grammar, input)
    for (;;) {
      const result = reading.next()
      if (result !== null) {
        return result
      }
      if (!(await this.#gather(reading.missing))) {
        const last = reading.end()
        input.clear()
        return last
      }
    }
  }

  async #pull(): Promise<Uint8Array | null> {
    try {
      let chunk = await this.#chunks.next()
      while (chunk?.length === 0) {
        chunk = await this.#chunks.next()
      }
      return chunk
    } catch (cause) {
      // A source that counts its bytes says where it failed.
      if (cause instanceof IssueError) {
        throw cause
      }
      throw new IssueError({
        _tag: 'SourceFailed',
        offset: this.#input.offset + this.#input.unread,
        path: [],
        expected: words.anyMoreBytes,
        actual: messageOf(cause),
        grammar: 'the source',
        cause,
      })
    }
  }

  /** Adds so many bytes to what has not been read; false if the source ends before. */
  async #gather(missing: number): Promise<boolean> {
    let count = 0
    while (count < missing) {
      // The source may overwrite its chunk when the next one is requested.
      this.#input.settle()
      const chunk = await this.#pull()
      if (chunk === null) {
        return false
      }
      this.#input.push(chunk)
      count += chunk.length
    }
    return true
  }
}

/** @internal The offset of the next byte of a source, so far as it says so. */
export const offsetOf = (source: Source): number => (source instanceof ByteSource ? source.offset : 0)
