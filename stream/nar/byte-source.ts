import { type Either, left } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import * as words from '../../combinators/words.js'
import { Input, type Plans } from '../../interpreters/compile/resumable.js'
import type { Chunks } from '../chunks.js'
import { IssueError, messageOf } from '../issue-error.js'
import { chunksOf, type Source } from '../source.js'

/**
 * A source of bytes to which what was read too much is given back, so that several readers can follow one another
 * on one stream: a value, an archive, a value.
 */
export class ByteSource implements Chunks {
  readonly #chunks: Chunks
  #returned: Uint8Array | null = null
  #offset: number

  /** `offset` is that of the first byte, for the offsets of issues. */
  constructor(source: Source, offset = 0) {
    this.#chunks = chunksOf(source)
    this.#offset = offset
  }

  /** The same source, or a new one around what is none. */
  static of(source: Source | ByteSource): ByteSource {
    return source instanceof ByteSource ? source : new ByteSource(source)
  }

  /** The offset of the next byte: how many have been handed out and not given back. */
  get offset(): number {
    return this.#offset
  }

  /** The next chunk, never empty; null at the end. Rejects with an {@link IssueError} where the source fails. */
  async next(): Promise<Uint8Array | null> {
    const chunk = this.#returned ?? (await this.#pull())
    this.#returned = null
    this.#offset += chunk?.length ?? 0
    return chunk
  }

  /** Gives back the end of what has been handed out; it comes next. */
  unread(rest: Uint8Array): void {
    if (rest.length > 0) {
      const returned = this.#returned
      this.#returned = returned === null ? rest : joined([rest, returned])
      this.#offset -= rest.length
    }
  }

  cancel(reason: unknown): void {
    this.#chunks.cancel(reason)
  }

  /** The rest, chunk by chunk. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
      yield chunk
    }
  }

  /** @internal Reads one value. */
  async read<A>(grammar: Grammar<A>, plans: Plans): Promise<Either<Issue, A>> {
    const input = new Input()
    const start = this.#offset
    input.open((await this.next()) ?? new Uint8Array(0), 0)
    input.base = start
    const reading = plans.read(grammar, input)
    for (;;) {
      const result = reading.next()
      if (result !== null) {
        this.unread(input.bytes.subarray(input.pos))
        return result
      }
      const more = await this.#gather(reading.missing)
      extend(input, more.bytes)
      if (more.ended) {
        const last = reading.next()
        return last ?? left(reading.end())
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
      throw new IssueError({
        _tag: 'SourceFailed',
        offset: this.#offset,
        path: [],
        expected: words.anyMoreBytes,
        actual: messageOf(cause),
        grammar: 'the source',
        cause,
      })
    }
  }

  /** At least so many bytes, put together once; fewer only at the end. */
  async #gather(least: number): Promise<{ readonly bytes: Uint8Array; readonly ended: boolean }> {
    const pieces: Array<Uint8Array> = []
    let count = 0
    while (count < least) {
      const chunk = await this.next()
      if (chunk === null) {
        return { bytes: joined(pieces), ended: true }
      }
      pieces.push(chunk)
      count += chunk.length
    }
    return { bytes: joined(pieces), ended: false }
  }
}

const joined = (pieces: ReadonlyArray<Uint8Array>): Uint8Array =>
  pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)

/** Puts bytes behind those that have not been read. */
const extend = (input: Input, more: Uint8Array): void => {
  const { base, pos, depth } = input
  input.open(joined([input.bytes.subarray(pos, input.end), more]), 0)
  input.base = base + pos
  input.depth = depth
}
