/** A limited number of items, and how many more there were. */
export class Kept<A> {
  readonly items: Array<A> = []
  omitted = 0
  readonly #most: number
  readonly #mostBytes: number
  #bytes = 0

  constructor(most: number, mostBytes: number) {
    this.#most = most
    this.#mostBytes = mostBytes
  }

  /** Adds an item of that many bytes, not counting its archive. */
  add(item: A, bytes: number): void {
    if (this.items.length < this.#most && this.#bytes + bytes <= this.#mostBytes) {
      this.items.push(item)
      this.#bytes += bytes
    } else {
      this.omitted++
    }
  }
}
