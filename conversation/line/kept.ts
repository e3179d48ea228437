// Smaller chunks are joined with those after them.
const small = 1024

interface Part {
  readonly bytes: Uint8Array
  length: number
}

/**
 * Chunks that were copied and have not been taken. However small the chunks, they need little more memory than their
 * bytes.
 */
export class Kept {
  size = 0
  #parts: Array<Part> = []
  /** How many of them have been taken. */
  #taken = 0

  /** Copies a chunk. */
  add(chunk: Uint8Array): void {
    this.size += chunk.length
    const last = this.#parts.at(-1)
    if (last !== undefined && chunk.length <= last.bytes.length - last.length) {
      last.bytes.set(chunk, last.length)
      last.length += chunk.length
      return
    }
    this.#parts.push({ bytes: chunk.length < small ? withRoom(chunk) : chunk.slice(), length: chunk.length })
  }

  /** The next ones; null if there are none. */
  take(): Uint8Array | null {
    const part = this.#parts[this.#taken]
    if (part === undefined) {
      return null
    }
    this.#taken++
    // At most as many chunks are moved as were taken.
    if (this.#taken === this.#parts.length || (this.#taken > 64 && 2 * this.#taken > this.#parts.length)) {
      this.#parts = this.#parts.slice(this.#taken)
      this.#taken = 0
    }
    this.size -= part.length
    return part.bytes.subarray(0, part.length)
  }

  drop(): void {
    this.#parts = []
    this.#taken = 0
    this.size = 0
  }
}

const withRoom = (chunk: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(small)
  bytes.set(chunk)
  return bytes
}
