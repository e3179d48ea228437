import { joined } from './joined.js'
import { Past } from './past.js'

// Enough for the rows that an explanation shows.
const kept = 8192

const nothing = new Uint8Array(0)

/** The chunk that is being read, and the last bytes before it, for an explanation of what is wrong there. */
export class RecentBytes {
  readonly #past = new Past(kept)
  #chunk: Uint8Array = nothing

  enter(chunk: Uint8Array): void {
    this.leave()
    this.#chunk = chunk
  }

  /** Copies what is kept of a chunk whose memory is written again. */
  leave(): void {
    this.#past.add(this.#chunk)
    this.#chunk = nothing
  }

  /** Passes chunks on; none of them is written over before the one after it has come. */
  async *through(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of source) {
      this.enter(chunk)
      yield chunk
    }
  }

  /** All that is still there, and the offset at which it begins. */
  get excerpt(): { readonly bytes: Uint8Array; readonly start: number } {
    const { latest, end } = this.#past
    return { bytes: joined([latest, this.#chunk]), start: end - latest.length }
  }
}
