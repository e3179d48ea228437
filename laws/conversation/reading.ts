import { joined } from '../../bytes/joined.js'
import type { MadeContent } from '../../interpreters/conversations/index.js'

const none: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {
    // There are no bytes to read.
  },
}

/** Reads a stream, as far as needed: waiting for more may request more. */
export class Reading {
  readonly content: MadeContent
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #read: Array<Uint8Array> = []
  #size = 0
  /** The number of pieces requested, and of their bytes. */
  #pieces = 0
  #due = 0

  constructor(content: MadeContent, heard: unknown) {
    this.content = content
    const isThere = typeof heard === 'object' && heard !== null && Symbol.asyncIterator in heard
    this.#chunks = (isThere ? (heard as AsyncIterable<Uint8Array>) : none)[Symbol.asyncIterator]()
  }

  async readPiece(): Promise<void> {
    this.#due += this.content.chunks[this.#pieces]?.length ?? 0
    this.#pieces++
    while (this.#size < this.#due && (await this.#next())) {
      // Reads to the end of the piece.
    }
  }

  /** Reads all of it; waiting for the end of a requested stream requests once more. */
  async readAll(): Promise<Uint8Array> {
    const isAsked = this.#pieces > 0 || this.content.chunks.length === 0
    while (!isAsked && (await this.#next())) {
      // Reads to the end.
    }
    return joined(this.#read)
  }

  /** False at the end. */
  async #next(): Promise<boolean> {
    const { done, value } = await this.#chunks.next()
    if (done === true) {
      return false
    }
    this.#read.push(value)
    this.#size += value.length
    return true
  }
}
