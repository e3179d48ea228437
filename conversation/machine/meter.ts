/** A hash that takes its input in pieces: `Hash` of node:crypto is one, and so are those made for browsers. */
export interface Hashing {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

/** Measures bytes that flow. */
export class Meter {
  size = 0
  readonly #hashing: Hashing | null

  constructor(hashing: Hashing | null) {
    this.#hashing = hashing
  }

  push(bytes: Uint8Array): void {
    this.size += bytes.length
    this.#hashing?.update(bytes)
  }

  digest(): Uint8Array | null {
    return this.#hashing?.digest() ?? null
  }
}
