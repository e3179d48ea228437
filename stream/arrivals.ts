import { Input } from '../interpreters/compile/resumable.js'

// What one large message needed is not kept for the small ones after it.
const keptWhenIdle = 2 ** 20

/** The bytes that have arrived and have not been read: a buffer that grows behind and is read in front. */
export class Arrivals {
  readonly input = new Input()
  readonly #reserved: number

  constructor(reserved: number, given: Uint8Array) {
    this.#reserved = reserved
    if (given.length > 0) {
      this.append(given)
    }
  }

  get length(): number {
    return this.input.end - this.input.pos
  }

  get capacity(): number {
    return this.input.bytes.length
  }

  /** Where the next byte to read lies in the stream. */
  get offset(): number {
    return this.input.base + this.input.pos
  }

  /** A view, good until more is read or arrives. */
  get view(): Uint8Array {
    return this.input.bytes.subarray(this.input.pos, this.input.end)
  }

  /** What is still there from an offset of the stream on, read or not: a view, empty where it is gone. */
  from(offset: number): Uint8Array {
    const { bytes, base, end } = this.input
    return offset < base ? bytes.subarray(end, end) : bytes.subarray(Math.min(offset - base, end), end)
  }

  append(bytes: Uint8Array): void {
    this.#reserve(Math.max(bytes.length, this.#reserved))
    this.input.bytes.set(bytes, this.input.end)
    this.input.end += bytes.length
  }

  /** Copies off at most this many bytes. */
  take(most: number): Uint8Array {
    const bytes = this.input.bytes.slice(this.input.pos, Math.min(this.input.end, this.input.pos + most))
    this.input.pos += bytes.length
    return bytes
  }

  /** Counts bytes that were read past this buffer while it was empty. */
  pass(count: number): void {
    this.input.base += count
  }

  /** Makes room for `more` bytes behind those that are there. */
  #reserve(more: number): void {
    const { length, capacity } = this
    if (length === 0 && capacity > keptWhenIdle && more < keptWhenIdle) {
      this.#move(new Uint8Array(more))
    } else if (capacity - this.input.end < more) {
      // Moving what is there costs no more than what was read before it.
      const fits = length <= this.input.pos && length + more <= capacity
      this.#move(fits ? this.input.bytes : new Uint8Array(Math.max(2 * capacity, length + more)))
    }
  }

  #move(target: Uint8Array): void {
    const { input, length } = this
    target.set(this.view)
    input.base += input.pos
    input.pos = 0
    input.end = length
    if (target !== input.bytes) {
      input.bytes = target
      input.view = new DataView(target.buffer)
    }
  }
}
