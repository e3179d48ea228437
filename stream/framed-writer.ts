import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectBytes } from '../bytes/byte-array.js'
import { grown } from '../bytes/grown.js'
import type { Issue } from '../combinators/issue.js'
import { checkOptions, number } from '../combinators/options.js'
import type { ByteSink } from './byte-sink.js'
import { sourceIssue } from './failure.js'
import { IssueError } from './issue-error.js'
import type { NixWriter } from './nix-writer.js'
import { sizeOf } from './reader-options.js'
import { settled } from './settled.js'
import { chunksOf, expectSource, type Source } from './source.js'

export interface FramedWriterOptions {
  /** The number of bytes of content in each frame but the last. Default: 65536. */
  readonly frameSize?: number
}

/** The methods of {@link FramedWriter} as promises, which reject with an {@link IssueError}. */
export interface FramedWriterPromises {
  end(): Promise<void>
  writeAll(source: Source): Promise<void>
  breakOff(): Promise<void>
}

const defaultFrameSize = 65536
const longestFrame = 2 ** 32 - 1

// The buffer grows if there are many bytes to send.
const firstFrameMemory = 4096

/**
 * Cuts content into frames. It is a sink itself, so that an encoder can write inside the frames.
 *
 * ```ts
 * import { bytesOf, u64 } from 'nix-wire'
 * import { CollectingSink, FramedWriter, NixWriter } from 'nix-wire/stream'
 *
 * const sink = new CollectingSink()
 * const outer = new NixWriter(sink)
 * const frames = new FramedWriter(outer)
 * const inside = new NixWriter(frames)
 * await inside.promises.writeValue(u64, 7n)
 * await inside.promises.flush()
 * await frames.end()() // the end frame: without it the peer waits for more
 * await outer.promises.flush()
 * sink.bytes // => bytesOf('0800000000000000 0700000000000000 0000000000000000')
 * ```
 *
 * The end frame says that the content is complete. If the content breaks off, do not write an end frame, or the peer
 * takes a part for the whole: call {@link breakOff} instead, and close the connection. {@link writeAll} writes no end
 * frame if its source fails.
 *
 * Issues: those of the outer writer; {@link write} throws them as {@link IssueError}. After an issue every later
 * write, and {@link end}, fails with that issue.
 */
export class FramedWriter implements ByteSink {
  /** The same methods as promises, which reject with an {@link IssueError}. */
  readonly promises: FramedWriterPromises = {
    end: () => settled(this.end()),
    writeAll: (source) => settled(this.writeAll(source)),
    breakOff: () => settled(this.breakOff()),
  }
  readonly #writer: NixWriter
  readonly #size: number
  #frame: Uint8Array
  #length = 0
  #ended = false
  /** Why the content can no longer become whole. */
  #broken: Issue | null = null

  /** @throws RangeError for a frame size that is not from 1 to 2^32−1. */
  constructor(writer: NixWriter, options: FramedWriterOptions = {}) {
    checkOptions('FramedWriter', { frameSize: number }, options)
    this.#writer = writer
    this.#size = sizeOf(options.frameSize, defaultFrameSize, 'frame size')
    if (this.#size > longestFrame) {
      throw new RangeError(`not a frame size: ${this.#size}`)
    }
    this.#frame = new Uint8Array(0)
  }

  /** Adds content. @throws Error after the end frame. */
  async write(content: Uint8Array): Promise<void> {
    expectBytes('the content of frames', content)
    if (this.#ended) {
      throw new Error('content was written after the end frame')
    }
    if (this.#broken !== null) {
      throw new IssueError(this.#broken)
    }
    for (let at = 0; at < content.length; ) {
      const part = content.subarray(at, at + this.#size - this.#length)
      at += part.length
      this.#gather(part)
      if (this.#length === this.#size) {
        await settled(() => this.#checked(this.#sendGathered()))
      }
    }
  }

  /** Writes the remaining content and the end frame. Further calls do nothing. Flush the outer writer to send it. */
  end(): TaskEither<Issue, void> {
    return async () => {
      if (this.#broken !== null) {
        return left(this.#broken)
      }
      if (this.#ended) {
        return right(undefined)
      }
      this.#ended = true
      const sent = await this.#checked(this.#sendGathered())
      return isLeft(sent) ? sent : this.#checked(this.#writer.writeNumber(0n)())
    }
  }

  /**
   * Writes everything from a source, and the end frame. If the source fails, the result is its issue, and no end
   * frame is written.
   */
  writeAll(source: Source): TaskEither<Issue, void> {
    expectSource(source)
    return async () => {
      const chunks = chunksOf(source)
      try {
        for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
          await this.write(chunk)
        }
      } catch (error) {
        return left(this.#broke(sourceIssue(error, this.#writer.offset)))
      }
      return this.end()()
    }
  }

  /**
   * Breaks the content off: writes a length that no frame can have, `ffffffffffffffff`. The remaining content is not
   * written. (If the connection merely ended here, Nix would take that as the end of a file or a log.)
   */
  breakOff(): TaskEither<Issue, void> {
    return async () => {
      if (this.#ended) {
        return right(undefined)
      }
      this.#ended = true
      return this.#writer.writeNumber(2n ** 64n - 1n)()
    }
  }

  async #checked(writing: Promise<Either<Issue, void>>): Promise<Either<Issue, void>> {
    const written = await writing
    return isLeft(written) ? left(this.#broke(written.left)) : written
  }

  #broke(issue: Issue): Issue {
    this.#broken ??= issue
    return this.#broken
  }

  #gather(part: Uint8Array): void {
    const needed = this.#length + part.length
    if (needed > this.#frame.length) {
      this.#frame = grown(this.#frame, this.#length, needed, { least: firstFrameMemory, most: this.#size })
    }
    this.#frame.set(part, this.#length)
    this.#length = needed
  }

  async #sendGathered(): Promise<Either<Issue, void>> {
    if (this.#length === 0) {
      return right(undefined)
    }
    const frame = this.#frame.subarray(0, this.#length)
    this.#length = 0
    // Both writes are started together, so that an abort cannot leave half a frame.
    const opened = this.#writer.writeNumber(BigInt(frame.length))()
    const sent = this.#writer.writeRaw(frame)()
    return isLeft(await opened) ? opened : sent
  }
}
