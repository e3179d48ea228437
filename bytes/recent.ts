import { joined } from './joined.js'
import { Past } from './past.js'

// Enough for the rows that an explanation shows.
const kept = 8192

const nothing = new Uint8Array(0)

/** The current chunk, and the last bytes before it, for the explanation of an issue. */
export class RecentBytes {
  readonly #past = new Past(kept)
  #chunk: Uint8Array = nothing

  enter(chunk: Uint8Array): void {
    this.leave()
    this.#chunk = chunk
  }

  /** Copies the end of a chunk whose buffer is reused. */
  leave(): void {
    this.#past.add(this.#chunk)
    this.#chunk = nothing
  }

  /** Passes chunks on; none of them is overwritten before the next one has come. */
  async *through(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of source) {
      this.enter(chunk)
      yield chunk
    }
  }

  /** All bytes that are kept, and the offset of the first. */
  get excerpt(): { readonly bytes: Uint8Array; readonly start: number } {
    const { latest, end } = this.#past
    return { bytes: joined([latest, this.#chunk]), start: end - latest.length }
  }
}
