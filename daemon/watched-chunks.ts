import type { Chunks } from '../stream/chunks.js'
import { chunksOf, type Source } from '../stream/source.js'

/** What arrives, with the first chunk kept for those who want to know what it was. */
export class WatchedChunks implements Chunks {
  readonly #chunks: Chunks
  readonly #moved: () => void
  #first: Uint8Array | null = null
  #keeps = true
  #pending = false

  /** `moved` is called for each chunk. */
  constructor(source: Source, moved: () => void) {
    this.#chunks = chunksOf(source)
    this.#moved = moved
  }

  /** Whether somebody waits for the next chunk. */
  get pending(): boolean {
    return this.#pending
  }

  /** What came first, for as long as it is kept. */
  get first(): Uint8Array {
    return this.#first ?? new Uint8Array(0)
  }

  /** Keeps nothing any longer. */
  forget(): void {
    this.#first = null
    this.#keeps = false
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    const chunk = this.#chunks.next()
    return chunk instanceof Promise ? this.#later(chunk) : this.#seen(chunk)
  }

  /** Nothing: who opened the connection closes it, in the order that the other side understands. */
  cancel(): void {}

  async #later(coming: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    this.#pending = true
    try {
      return this.#seen(await coming)
    } finally {
      this.#pending = false
    }
  }

  #seen(chunk: Uint8Array | null): Uint8Array | null {
    if (this.#keeps) {
      this.#first ??= chunk
    }
    this.#moved()
    return chunk
  }
}
