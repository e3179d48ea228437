import { isLeft } from 'fp-ts/lib/Either.js'
import { LogMessage } from '../grammar/logging.js'
import type { Stream } from '../grammar/operations/operation.js'
import { FramedReader } from '../stream/framed-reader.js'
import { IssueError } from '../stream/issue-error.js'
import { NarParser } from '../stream/nar/parser.js'
import { settled } from '../stream/settled.js'
import type { Link } from './link.js'
import { RawNar } from './raw-nar.js'
import type { ReceivedUpload } from './server-types.js'

/** An upload on the server's side, and how to get past what nobody read of it. */
export interface Received {
  readonly upload: ReceivedUpload
  /** Throws an IssueError where there is no way past it. */
  readonly drain: () => Promise<void>
}

export const receive = (link: Link, stream: Stream): Received => {
  switch (stream.way) {
    case 'framed': {
      const frames = new FramedReader(link.reader)
      return {
        upload: frames,
        drain: async () => {
          await settled(frames.drain())
        },
      }
    }
    case 'raw': {
      const nar = new RawNar(link.reader)
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
    case 'pushed':
      // What nobody asked for has not been sent.
      return { upload: new PulledUpload(link, stream.content === 'Nar'), drain: async () => undefined }
  }
}

const wanted = 65536

/** Bytes that are asked for piece by piece. To ask a client for more than it has is an error there. */
class PulledUpload implements ReceivedUpload {
  readonly #link: Link
  readonly #parser: NarParser | null
  #ended = false

  constructor(link: Link, isNar: boolean) {
    this.#link = link
    this.#parser = isNar ? new NarParser() : null
  }

  async next(): Promise<Uint8Array | null> {
    if (this.#ended) {
      return null
    }
    const written = await this.#link.write(LogMessage, { _tag: 'Read', wanted })
    const asked = isLeft(written) ? written : await this.#link.flush()
    if (isLeft(asked)) {
      throw new IssueError(asked.left)
    }
    const piece = await settled(this.#link.reader.readBytesLimited([0, wanted]))
    this.#ended = piece.length === 0 || this.#isWhole(piece)
    return piece.length === 0 ? null : piece
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
