import { Window } from '../../bytes/window.js'
import type { Objection } from './refusal.js'

// Most primitives of an archive are shorter.
const reserved = 64

/**
 * The bytes of an archive, in chunks of any size. Primitives that are cut by the end of a chunk are joined, one at a
 * time; all others are read in place.
 */
export class NarInput extends Window {
  /** How many bytes the primitive at `pos` needs, as far as it is known; set when bytes are missing. */
  need = 8
  /** Called with an issue whose extent is known; null if the first issue ends the reading. */
  heard: Objection | null = null

  constructor(offset: number) {
    super(reserved)
    this.base = offset
  }

  /**
   * Runs `run` over a chunk; it reads from `pos` on and returns false if a primitive lacks bytes, or true if nothing
   * more is needed. Returns the place in the chunk after the bytes read, or -1 if more are needed.
   */
  feed(chunk: Uint8Array, run: () => boolean): number {
    let at = 0
    // Either the cut primitive is read, with nothing after it, or its length says that it needs more.
    while (this.unread > 0) {
      const next = Math.min(chunk.length, at + this.need - this.unread)
      this.append(chunk.subarray(at, next))
      at = next
      if (this.unread < this.need) {
        return -1
      }
      if (run()) {
        return at
      }
    }
    this.lend(chunk, at)
    if (run()) {
      return this.pos
    }
    this.settle()
    return -1
  }
}
