import type { Talk } from './talk.js'

/** An incremental hash, such as `Hash` of node:crypto or that of a library for browsers. */
export interface Hashing {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

/** Measures bytes that flow. One that hands them on may want to wait with more. */
export class Meter {
  size = 0
  /** In how many pieces they came, where something cuts them. */
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
    // There is nobody to tell.
  }

  /** They break off. */
  fail(_reason: unknown): void {
    // There is nobody to tell.
  }

  get isFull(): boolean {
    return false
  }

  /** Waits until there is room for more. */
  *room(): Talk<void> {
    // There is always.
  }

  digest(): Uint8Array | null {
    return this.#hashing?.digest() ?? null
  }
}
