import { grown } from './grown.js'

// The first size: most streams are short.
const least = 128

/** The last released bytes of a stream, at most `capacity`, for the explanation of an issue. */
export class Past {
  readonly #capacity: number
  #ring: Uint8Array
  #start = 0
  #end = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#ring = new Uint8Array(Math.min(least, capacity))
  }

  /** The number of all bytes so far. */
  get end(): number {
    return this.#end
  }

  /** Copies all bytes that are kept. */
  get latest(): Uint8Array {
    return this.copy(0, this.#end)
  }

  /** Takes the bytes that follow. Only the last of many are copied. */
  add(bytes: Uint8Array): void {
    this.#reserve(this.#end + bytes.length)
    const size = this.#ring.length
    this.#end += bytes.length
    this.#start = Math.max(this.#start, this.#end - size)
    const last = bytes.subarray(Math.max(0, bytes.length - size))
    const at = (this.#end - last.length) % size
    const fitting = Math.min(last.length, size - at)
    this.#ring.set(last.subarray(0, fitting), at)
    this.#ring.set(last.subarray(fitting))
  }

  /** The kept part of `[start, end)`, up to where the stream goes on. */
  copy(start: number, end: number): Uint8Array {
    const from = Math.max(start, this.#start)
    const to = Math.min(end, this.#end)
    if (from >= to) {
      return new Uint8Array(0)
    }
    const bytes = new Uint8Array(to - from)
    const at = from % this.#ring.length
    bytes.set(this.#ring.subarray(at, at + bytes.length))
    const fitting = this.#ring.length - at
    if (fitting < bytes.length) {
      bytes.set(this.#ring.subarray(0, bytes.length - fitting), fitting)
    }
    return bytes
  }

  /** Until the capacity is reached, nothing is overwritten, and each byte is at its offset. */
  #reserve(length: number): void {
    const { length: size } = this.#ring
    if (length > size && size < this.#capacity) {
      this.#ring = grown(this.#ring, this.#end, length, { most: this.#capacity })
    }
  }
}
