import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Stream } from '../grammar/operations/operation.js'
import type { Chunks } from '../stream/chunks.js'
import { sourceIssue } from '../stream/failure.js'
import { FramedWriter } from '../stream/framed-writer.js'
import { ByteSource } from '../stream/nar/byte-source.js'
import { passArchive } from '../stream/packed-path.js'
import { chunksOf, type Source } from '../stream/source.js'
import { unavailable } from './issues.js'
import type { Link } from './link.js'

/** What a client sends behind its request, while it reads the log. */
export interface Upload {
  /** Sends all of it; an issue is about the source, or the connection. */
  run(): Promise<Either<Issue, void>>
  /** The daemon wants no more: whatever must still be sent is sent, and {@link run} comes to its end. */
  stop(): void
  /** Answers a `Read` message. */
  answer(wanted: number): Promise<Either<Issue, void>>
  /** Whether the connection goes on behind an upload that was stopped or failed. */
  readonly survives: boolean
}

export const uploadOf = (link: Link, stream: Stream, source: Source): Upload => {
  switch (stream.way) {
    case 'framed':
      return new FramedUpload(link, source)
    case 'pulled':
      return new PulledUpload(link, source)
    case 'raw':
    case 'pushed':
      return new RawUpload(link, source)
  }
}

const unasked = async (): Promise<Either<Issue, void>> =>
  left(unavailable('an upload that the daemon pulls', 'one that it does not'))

/** A source that can be told to end, while it is waited for too. */
class StoppableChunks implements Chunks {
  readonly #chunks: Chunks
  #wake: () => void = () => undefined
  #over = false

  constructor(source: Source) {
    this.#chunks = chunksOf(source)
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    const chunk = this.#over ? null : this.#chunks.next()
    if (!(chunk instanceof Promise)) {
      return chunk
    }
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(null)
      chunk.then(resolve, reject)
    })
  }

  cancel(reason: unknown): void {
    if (!this.#over) {
      this.#over = true
      this.#wake()
      this.#chunks.cancel(reason)
    }
  }
}

const unwanted = new Error('the daemon takes no more of the upload')

class FramedUpload implements Upload {
  readonly survives = true
  readonly answer = unasked
  readonly #link: Link
  readonly #source: StoppableChunks

  constructor(link: Link, source: Source) {
    this.#link = link
    this.#source = new StoppableChunks(source)
  }

  async run(): Promise<Either<Issue, void>> {
    const frames = new FramedWriter(this.#link.writer)
    const sent = await frames.writeAll(this.#source)()
    const flushed = await this.#link.flush()
    if (isLeft(flushed) || isLeft(sent)) {
      this.stop()
    }
    return isLeft(flushed) ? flushed : sent
  }

  stop(): void {
    this.#source.cancel(unwanted)
  }
}

/** An archive that stands behind the request as it is; where it breaks off there is no way to go on. */
class RawUpload implements Upload {
  readonly answer = unasked
  readonly #link: Link
  readonly #source: StoppableChunks
  #whole = false
  #stopped = false

  constructor(link: Link, source: Source) {
    this.#link = link
    this.#source = new StoppableChunks(source)
  }

  get survives(): boolean {
    return this.#whole
  }

  async run(): Promise<Either<Issue, void>> {
    const { writer } = this.#link
    try {
      for await (const chunk of passArchive(this.#source, undefined, [])) {
        const written = await writer.writeRaw(chunk)()
        if (isLeft(written)) {
          return left(this.#link.fail(written.left))
        }
      }
    } catch (error) {
      // The daemon waits for the rest, which will not come.
      return this.#stopped ? right(undefined) : left(this.#link.fail(sourceIssue(error, writer.offset)))
    }
    this.#whole = true
    return this.#link.flush()
  }

  stop(): void {
    this.#stopped = true
    this.#source.cancel(unwanted)
  }
}

/** An upload that the daemon asks for, piece by piece. */
class PulledUpload implements Upload {
  readonly survives = true
  readonly #link: Link
  readonly #source: ByteSource
  #failure: Issue | null = null

  constructor(link: Link, source: Source) {
    this.#link = link
    this.#source = new ByteSource(source)
  }

  /** Everything happens in {@link answer}. */
  run(): Promise<Either<Issue, void>> {
    return Promise.resolve(right(undefined))
  }

  stop(): void {
    this.#source.cancel(unwanted)
  }

  async answer(wanted: number): Promise<Either<Issue, void>> {
    const piece = await this.#piece(wanted)
    const written = await this.#link.writer.writeSlice(piece)()
    if (isLeft(written)) {
      return left(this.#link.fail(written.left))
    }
    const flushed = await this.#link.flush()
    return isLeft(flushed) || this.#failure === null ? flushed : left(this.#failure)
  }

  /** At most so many bytes; none at the end, and where the source fails, which the daemon takes for the end. */
  async #piece(wanted: number): Promise<Uint8Array> {
    try {
      const chunk = this.#failure === null && wanted > 0 ? await this.#source.next() : null
      if (chunk === null) {
        return new Uint8Array(0)
      }
      this.#source.unread(chunk.subarray(wanted))
      return chunk.subarray(0, wanted)
    } catch (error) {
      this.#failure = sourceIssue(error, this.#link.writer.offset)
      return new Uint8Array(0)
    }
  }
}

/** Nothing is sent behind the request. */
export const noUpload: Upload = {
  run: async () => right(undefined),
  stop: () => undefined,
  answer: unasked,
  survives: true,
}
