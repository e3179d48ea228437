import { Window } from '../../bytes/window.js'
import type { Objection } from './refusal.js'

// Most primitives of an archive are shorter.
const reserved = 64

/**
 * The bytes of an archive, as chunks of any size bring them. What a chunk's end cuts is put together, one primitive
 * at a time; all else is read where it lies.
 */
export class NarInput extends Window {
  /** How many bytes the primitive at `pos` needs, as far as it is known; set by what lacks them. */
  need = 8
  /** Hears of what does not lose the place; null where the first issue ends the reading. */
  heard: Objection | null = null

  constructor(offset: number) {
    super(reserved)
    this.base = offset
  }

  /**
   * Runs `run` over a chunk; it reads from `pos` on and returns where a primitive lacks bytes (false) or nothing
   * more is wanted (true). Returns the place in the chunk behind what was read, or -1 where more is wanted.
   */
  feed(chunk: Uint8Array, run: () => boolean): number {
    let at = 0
    // Either the cut primitive is read, with nothing behind it, or its length says that it needs more.
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
