import type { Objection } from './refusal.js'

const nothing = new Uint8Array(0)

/**
 * Chunks of any size as a window over bytes. What a chunk's end cuts is put together in a small buffer, one
 * primitive at a time; all else is read where it lies.
 */
export class Intake {
  bytes: Uint8Array = nothing
  view: DataView = new DataView(nothing.buffer)
  pos = 0
  end = 0
  /** What to add to `pos` for an offset in the stream. */
  base: number
  /** How many bytes the primitive at `pos` needs, as far as it is known; set by what lacks them. */
  need = 8
  /** Hears of what does not lose the place; null where the first issue ends the reading. */
  heard: Objection | null = null

  #held = new Uint8Array(64)
  #count = 0

  constructor(offset: number) {
    this.base = offset
  }

  /** Where in the stream the next byte to be read is. */
  get offset(): number {
    return this.base + this.pos
  }

  /**
   * Runs `run` over a chunk; it reads from `pos` on and returns where a primitive lacks bytes (false) or nothing
   * more is wanted (true). Returns the place in the chunk behind what was read, or -1 where more is wanted.
   */
  feed(chunk: Uint8Array, run: () => boolean): number {
    const start = this.base + this.pos
    let at = 0
    while (this.#count > 0) {
      at = this.#hold(chunk, at)
      if (this.#count < this.need) {
        return -1
      }
      this.#open(this.#held, 0, this.#count, start)
      if (run()) {
        this.#count = 0
        return at
      }
      // Either the primitive has been read, with nothing behind it, or its length says that it needs more.
      if (this.pos > 0) {
        this.#count = 0
      }
    }
    this.#open(chunk, at, chunk.length, this.base + this.pos - at)
    if (run()) {
      return this.pos
    }
    const offset = this.base + this.pos
    this.#keep(chunk.subarray(this.pos))
    this.#open(nothing, 0, 0, offset)
    return -1
  }

  /** How many bytes of the primitive at `pos` are there. */
  get held(): number {
    return this.#count
  }

  /** The bytes of the primitive that is not all there. */
  openHeld(): void {
    this.#open(this.#held, 0, this.#count, this.base + this.pos)
  }

  #open(bytes: Uint8Array, pos: number, end: number, base: number): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.pos = pos
    this.end = end
    this.base = base
  }

  #hold(chunk: Uint8Array, at: number): number {
    const next = Math.min(chunk.length, at + this.need - this.#count)
    this.#append(chunk.subarray(at, next))
    return next
  }

  #keep(rest: Uint8Array): void {
    this.#count = 0
    this.#append(rest)
  }

  #append(bytes: Uint8Array): void {
    const count = this.#count + bytes.length
    if (count > this.#held.length) {
      const grown = new Uint8Array(Math.max(count, 2 * this.#held.length))
      grown.set(this.#held.subarray(0, this.#count))
      this.#held = grown
    }
    this.#held.set(bytes, this.#count)
    this.#count = count
  }
}
