import type { Talk } from './talk.js'

/** An incremental hash, such as `Hash` of node:crypto or that of a library for browsers. */
export interface Hashing {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

/** Measures streamed bytes. One that passes them on may delay more. */
export class Meter {
  size = 0
  /** The number of their pieces, if they come in pieces. */
  pieces = 0
  readonly #hashing: Hashing | null

  constructor(hashing: Hashing | null) {
    this.#hashing = hashing
  }

  push(bytes: Uint8Array): void {
    this.size += bytes.length
    this.#hashing?.update(bytes)
  }

  /** All of them have passed. */
  end(): void {
    // There is no reader.
  }

  /** They break off. */
  fail(_reason: unknown): void {
    // There is no reader.
  }

  get isFull(): boolean {
    return false
  }

  /** Waits until there is room for more. */
  *room(): Talk<void> {
    // There is always room.
  }

  digest(): Uint8Array | null {
    return this.#hashing?.digest() ?? null
  }
}
