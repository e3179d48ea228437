import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js'
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
  /** The daemon wants no more: what must still be sent is sent, and {@link run} comes to its end. */
  stop(): void
  /** The connection is given up, and closed when this is done: what must still be said is said. */
  abandon(): Promise<void>
  /** Answers a `Read` message. */
  answer(wanted: number): Promise<Either<Issue, void>>
  /** Whether the connection goes on behind an upload that was stopped. */
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
  #failed = false

  constructor(source: Source) {
    this.#chunks = chunksOf(source)
  }

  /** Whether it broke off by itself. */
  get failed(): boolean {
    return this.#failed
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    if (this.#over) {
      return null
    }
    try {
      const chunk = this.#chunks.next()
      return chunk instanceof Promise ? this.#later(chunk) : chunk
    } catch (error) {
      this.#failed = true
      throw error
    }
  }

  cancel(reason: unknown): void {
    if (!this.#over) {
      this.#over = true
      this.#wake()
      this.#chunks.cancel(reason)
    }
  }

  async #later(coming: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    const stopped = new Promise<null>((resolve) => {
      this.#wake = () => resolve(null)
    })
    if (this.#over) {
      // The source itself may have stopped the upload.
      this.#wake()
    }
    try {
      return await Promise.race([coming, stopped])
    } catch (error) {
      this.#failed ||= !this.#over
      throw error
    }
  }
}

const unwanted = new Error('the daemon takes no more of the upload')

/** Content in frames. A daemon that refused it reads on to the end frame, and the connection goes on. */
class FramedUpload implements Upload {
  readonly survives = true
  readonly answer = unasked
  readonly #link: Link
  readonly #source: StoppableChunks
  readonly #frames: FramedWriter

  constructor(link: Link, source: Source) {
    this.#link = link
    this.#source = new StoppableChunks(source)
    this.#frames = new FramedWriter(link.writer)
  }

  async run(): Promise<Either<Issue, void>> {
    const sent = await this.#frames.writeAll(this.#source)()
    if (isRight(sent)) {
      return this.#link.flush()
    }
    const { failed } = this.#source
    this.stop()
    return left(failed ? this.#link.fail(sent.left) : this.#link.cannotWrite(sent.left))
  }

  stop(): void {
    this.#source.cancel(unwanted)
  }

  async abandon(): Promise<void> {
    this.stop()
    // At once: the source has ended, and no end frame may come of that.
    await Promise.all([this.#frames.breakOff()(), this.#link.writer.flush()()])
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
          this.stop()
          return left(this.#link.cannotWrite(written.left))
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

  async abandon(): Promise<void> {
    this.stop()
  }
}

/** An upload that the daemon asks for, piece by piece. */
class PulledUpload implements Upload {
  readonly survives = true
  readonly #link: Link
  readonly #source: ByteSource

  constructor(link: Link, source: Source) {
    this.#link = link
    this.#source = new ByteSource(new StoppableChunks(source))
  }

  /** Everything happens in {@link answer}. */
  run(): Promise<Either<Issue, void>> {
    return Promise.resolve(right(undefined))
  }

  stop(): void {
    this.#source.cancel(unwanted)
  }

  async abandon(): Promise<void> {
    this.stop()
  }

  /** A source that fails gets no answer: an empty piece would say that it is at its end. */
  async answer(wanted: number): Promise<Either<Issue, void>> {
    let piece: Uint8Array
    try {
      piece = await this.#piece(wanted)
    } catch (error) {
      return left(this.#link.fail(sourceIssue(error, this.#link.writer.offset)))
    }
    const written = await this.#link.writer.writeSlice(piece)()
    return isLeft(written) ? left(this.#link.cannotWrite(written.left)) : this.#link.flush()
  }

  /** At most so many bytes; none at the end. */
  async #piece(wanted: number): Promise<Uint8Array> {
    const chunk = wanted > 0 ? await this.#source.next() : null
    if (chunk === null) {
      return new Uint8Array(0)
    }
    this.#source.unread(chunk.subarray(wanted))
    return chunk.subarray(0, wanted)
  }
}

/** Nothing is sent behind the request. */
export const noUpload: Upload = {
  run: async () => right(undefined),
  stop: () => undefined,
  abandon: async () => undefined,
  answer: unasked,
  survives: true,
}
