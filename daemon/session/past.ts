// Enough for most messages, and little beside all else that a connection takes.
const capacity = 4096

/** The latest bytes of a stream that have been let go of, for an issue to be explained by. */
export class Past {
  readonly #ring = new Uint8Array(capacity)
  #start = 0
  #end = 0

  /** Takes bytes that follow the ones before. Of many only the last are copied. */
  add(bytes: Uint8Array): void {
    this.#end += bytes.length
    this.#start = Math.max(this.#start, this.#end - capacity)
    const last = bytes.subarray(Math.max(0, bytes.length - capacity))
    const at = (this.#end - last.length) % capacity
    const fitting = Math.min(last.length, capacity - at)
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
    const at = from % capacity
    bytes.set(this.#ring.subarray(at, at + bytes.length))
    const fitting = capacity - at
    if (fitting < bytes.length) {
      bytes.set(this.#ring.subarray(0, bytes.length - fitting), fitting)
    }
    return bytes
  }
}
