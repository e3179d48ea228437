/** A buffer for consecutive pieces of contents; pieces that were taken are not overwritten. */
export class Slab {
  readonly #size: number
  #buffer = Buffer.alloc(0)
  #used = 0

  constructor(size: number) {
    this.#size = size
  }

  /** Lets `read` fill at most that many bytes and return the number. Returns those bytes. */
  fill(most: number, read: (buffer: Buffer, at: number, most: number) => number): Buffer {
    if (this.#used + most > this.#buffer.length) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(this.#size, most))
      this.#used = 0
    }
    const start = this.#used
    this.#used += read(this.#buffer, start, most)
    return this.#buffer.subarray(start, this.#used)
  }

  /** Allows taken pieces to be overwritten. */
  reuse(): void {
    this.#used = 0
  }
}
