/** Memory that pieces of contents are read into, one behind the other; what has been taken is not written again. */
export class Slab {
  readonly #size: number
  #buffer = Buffer.alloc(0)
  #used = 0

  constructor(size: number) {
    this.#size = size
  }

  /** Lets `read` fill at most so many bytes, which says how many it filled. Returns those. */
  fill(most: number, read: (buffer: Buffer, at: number, most: number) => number): Buffer {
    if (this.#used + most > this.#buffer.length) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(this.#size, most))
      this.#used = 0
    }
    const start = this.#used
    this.#used += read(this.#buffer, start, most)
    return this.#buffer.subarray(start, this.#used)
  }

  /** Says that what has been taken may be overwritten. */
  reuse(): void {
    this.#used = 0
  }
}
