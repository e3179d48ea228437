import type { Chunks } from '../stream/chunks.js'
import { chunksOf, type Source } from '../stream/source.js'

/** What arrives, and whether somebody waits for it. */
export class WatchedChunks implements Chunks {
  readonly #chunks: Chunks
  readonly #moved: () => void
  #pending = false

  /** `moved` is called for each chunk, and when one begins to be waited for. */
  constructor(source: Source, moved: () => void) {
    this.#chunks = chunksOf(source)
    this.#moved = moved
  }

  /** Whether somebody waits for the next chunk. */
  get pending(): boolean {
    return this.#pending
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    const chunk = this.#chunks.next()
    return chunk instanceof Promise ? this.#later(chunk) : this.#seen(chunk)
  }

  /** Nothing: who opened the connection closes it, in the order that the other side understands. */
  cancel(): void {}

  async #later(coming: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    this.#pending = true
    this.#moved()
    try {
      return this.#seen(await coming)
    } finally {
      this.#pending = false
    }
  }

  #seen(chunk: Uint8Array | null): Uint8Array | null {
    this.#moved()
    return chunk
  }
}
