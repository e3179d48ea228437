import { type Excerpt, excerptStart } from '../interpreters/explain.js'

// Enough for the rows that an explanation shows.
const kept = 4096

/** Passes chunks on, and remembers the last bytes of them for an explanation of what is wrong there. */
export class RecentBytes {
  #chunks: Array<Uint8Array> = []
  #end = 0

  async *through(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of source) {
      this.#chunks.push(chunk)
      this.#end += chunk.length
      while (this.#length() - (this.#chunks[0]?.length ?? 0) >= kept) {
        this.#chunks.shift()
      }
      yield chunk
    }
  }

  /** The bytes around an offset, as far as they are remembered. */
  around(offset: number): Excerpt {
    const bytes = Buffer.concat(this.#chunks)
    const first = this.#end - bytes.length
    const start = Math.max(excerptStart(offset), first)
    return start > this.#end
      ? { bytes: new Uint8Array(0), start }
      : { bytes: bytes.subarray(start - first), start }
  }

  #length(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }
}
