import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import { LogMessage } from '../grammar/logging.js'
import type { Stream } from '../grammar/operations/operation.js'
import { FramedReader } from '../stream/framed-reader.js'
import { IssueError } from '../stream/issue-error.js'
import { NarParser } from '../stream/nar/parser.js'
import { settled } from '../stream/settled.js'
import type { Link } from './link.js'
import { RawNar } from './raw-nar.js'
import type { ReceivedUpload } from './server-types.js'

/** An upload on the server's side, and how to get past the part that was not read. */
export interface Received {
  readonly upload: ReceivedUpload
  /** Throws an IssueError where there is no way past it. */
  readonly drain: () => Promise<void>
}

export const receive = (link: Link, stream: Stream): Received => {
  switch (stream.way) {
    case 'framed': {
      const frames = new FramedReader(link.reader, { limits: link.limits })
      return {
        upload: frames,
        drain: async () => {
          await settled(frames.drain())
        },
      }
    }
    case 'raw': {
      const nar = new RawNar(link)
      return {
        upload: nar,
        drain: async () => {
          while ((await nar.next()) !== null) {
            // Thrown away.
          }
        },
      }
    }
    case 'pulled':
    case 'pushed': {
      // A client sends only what it is asked for.
      const upload = new PulledUpload(link, stream.content === 'Nar')
      return { upload, drain: async () => upload.expectStep() }
    }
  }
}

const wanted = 65536

/** Bytes that are asked for piece by piece. To ask a client for more than it has is an error there. */
class PulledUpload implements ReceivedUpload {
  readonly #link: Link
  readonly #parser: NarParser | null
  #ended = false
  #broken: Issue | null = null

  constructor(link: Link, isNar: boolean) {
    this.#link = link
    this.#parser = isNar ? new NarParser() : null
  }

  async next(): Promise<Uint8Array | null> {
    this.expectStep()
    if (this.#ended) {
      return null
    }
    const written = await this.#link.write(LogMessage, { _tag: 'Read', wanted })
    const asked = isLeft(written) ? written : await this.#link.flush()
    const piece = isLeft(asked) ? asked : await this.#link.reader.readBytesLimited([0, wanted])()
    if (isLeft(piece)) {
      this.#broken = piece.left
      throw new IssueError(piece.left)
    }
    this.#ended = piece.right.length === 0 || this.#isWhole(piece.right)
    if (piece.right.length > 0) {
      return piece.right
    }
    // An empty answer is all that a client has; an archive knows better.
    const cut = this.#parser?.finish() ?? null
    if (cut !== null) {
      throw new IssueError(cut)
    }
    return null
  }

  /** Throws if an answer could not be read: the place in the stream is lost. */
  expectStep(): void {
    if (this.#broken !== null) {
      throw new IssueError(this.#broken)
    }
  }

  cancel(): void {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (let piece = await this.next(); piece !== null; piece = await this.next()) {
      yield piece
    }
  }

  #isWhole(piece: Uint8Array): boolean {
    const step = this.#parser?.push(piece)
    if (step?._tag === 'failed') {
      throw new IssueError(step.issue)
    }
    return step?._tag === 'end'
  }
}
