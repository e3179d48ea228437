import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../combinators/issue.js'
import { checkOptions, usual } from '../combinators/options.js'
import { u64 } from '../combinators/primitives/int.js'
import * as words from '../combinators/words.js'
import { type Limits, limitsOf } from '../interpreters/compile/resumable.js'
import type { Chunks } from './chunks.js'
import { IssueError } from './issue-error.js'
import type { NixReader } from './nix-reader.js'
import { settled } from './settled.js'

/**
 * The content of frames, as chunks. Each frame is its length and that many bytes, without padding; a length of 0 ends
 * the frames. Frames may be cut anywhere in the content.
 *
 * It is a source itself, so that a decoder can read inside the frames:
 *
 * ```ts
 * import { bytesOf, u64 } from 'nix-wire'
 * import { FramedReader, NixReader } from 'nix-wire/stream'
 *
 * const wire = bytesOf('0300000000000000 070000 0600000000000000 0000000000 ff 0000000000000000')
 * const frames = new FramedReader(new NixReader([wire]))
 * const inside = new NixReader(frames)
 * await inside.promises.readValue(u64) // => 7n
 * inside.buffer // => new Uint8Array([0xff])
 * await inside.expectEnd()() // bytes left behind the value are an issue: TrailingBytes
 * await frames.drain()() // what nobody read goes, and the outer reader stands behind the end frame
 * ```
 *
 * Offsets in issues of the inner reader count from the start of the content, those of the frames from the start of
 * the outer stream. Do not use the outer reader before {@link drain} or the end of the content.
 *
 * Issues: `LimitExceeded` for a frame over the frame limit (`limits.frame`, never above 2^32−1), `UnexpectedEnd` if
 * the stream ends inside the frames, and those of the outer reader. Iterating throws them as {@link IssueError}.
 */
export class FramedReader implements Chunks, AsyncIterable<Uint8Array> {
  /** The same methods as promises, which reject with an {@link IssueError}. */
  readonly promises: { drain(): Promise<number> } = { drain: () => settled(this.drain()) }
  readonly #reader: NixReader
  readonly #limit: number
  /** Where the frame being read starts, and how much of it is left. */
  #start = 0
  #length = 0
  #left = 0
  #ended = false
  /** An issue in the frames: there is no way to find the next one. */
  #broken: Issue | null = null

  /** @throws RangeError for an invalid limit. */
  constructor(reader: NixReader, options: { readonly limits?: Partial<Limits> } = {}) {
    checkOptions('FramedReader', { limits: usual.limits }, options)
    this.#reader = reader
    this.#limit = limitsOf(options.limits).frame
  }

  /** True if the end frame has been read. */
  get ended(): boolean {
    return this.#ended
  }

  /** The next piece of content; null at the end frame. */
  async next(): Promise<Uint8Array | null> {
    const chunk = await this.#read()
    if (isLeft(chunk)) {
      this.#broken = chunk.left
      throw new IssueError(chunk.left)
    }
    return chunk.right
  }

  /** Does nothing: the outer reader stays where it is, and {@link drain} finds the end of the frames. */
  cancel(): void {}

  /** Reads to the end frame, and returns the number of bytes of content that it skipped. */
  drain(): TaskEither<Issue, number> {
    return async () => {
      let passed = 0
      for (;;) {
        const chunk = await this.#read()
        if (isLeft(chunk)) {
          this.#broken = chunk.left
          return chunk
        }
        if (chunk.right === null) {
          return right(passed)
        }
        passed += chunk.right.length
      }
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
      yield chunk
    }
  }

  async #read(): Promise<Either<Issue, Uint8Array | null>> {
    if (this.#broken !== null) {
      return left(this.#broken)
    }
    if (this.#left === 0 && !this.#ended) {
      const opened = await this.#open()
      if (isLeft(opened)) {
        return opened
      }
    }
    return this.#ended ? right(null) : this.#content()
  }

  /** Reads the length of the next frame. */
  async #open(): Promise<Either<Issue, void>> {
    this.#start = this.#reader.offset
    const length = await this.#reader.readValue(u64)()
    if (isLeft(length)) {
      return length
    }
    if (length.right > BigInt(this.#limit)) {
      return left({
        _tag: 'LimitExceeded',
        ...this.#place,
        expected: words.atMost(this.#limit, 'frame'),
        actual: words.tooLongFrame(length.right),
        limit: 'frame',
        maximum: this.#limit,
      })
    }
    this.#length = Number(length.right)
    this.#left = this.#length
    this.#ended = this.#left === 0
    return right(undefined)
  }

  async #content(): Promise<Either<Issue, Uint8Array>> {
    const chunk = await this.#reader.readSome(this.#left)()
    if (isLeft(chunk)) {
      return chunk
    }
    if (chunk.right._tag === 'None') {
      return left({
        _tag: 'UnexpectedEnd',
        ...this.#place,
        expected: `${8 + this.#length} bytes`,
        actual: `${8 + this.#length - this.#left} bytes`,
        missing: this.#left,
      })
    }
    this.#left -= chunk.right.value.length
    return right(chunk.right.value)
  }

  get #place(): Pick<Issue, 'offset' | 'path' | 'grammar'> {
    return { offset: this.#start, path: [], grammar: 'framed' }
  }
}
