import { grown } from './grown.js'

// Most streams of many are short.
const least = 128

/** The last bytes of a stream that have been let go of, for an issue to be explained by: at most `capacity`. */
export class Past {
  readonly #capacity: number
  #ring: Uint8Array
  #start = 0
  #end = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#ring = new Uint8Array(Math.min(least, capacity))
  }

  /** How many bytes there were in all. */
  get end(): number {
    return this.#end
  }

  /** Copies all that is still there. */
  get latest(): Uint8Array {
    return this.copy(0, this.#end)
  }

  /** Takes bytes that follow the ones before. Of many only the last are copied. */
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

  /** What is still there of `[start, end)`, up to where the stream goes on. */
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

  /** Until there is as much as is kept, nothing has been written over, and each byte lies at its offset. */
  #reserve(length: number): void {
    const { length: size } = this.#ring
    if (length > size && size < this.#capacity) {
      this.#ring = grown(this.#ring, this.#end, length, { most: this.#capacity })
    }
  }
}
