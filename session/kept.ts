/** As many items as are kept, and how many there were besides. */
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

  /** An item that took so many bytes, without its archive. */
  add(item: A, bytes: number): void {
    if (this.items.length < this.#most && this.#bytes + bytes <= this.#mostBytes) {
      this.items.push(item)
      this.#bytes += bytes
    } else {
      this.omitted++
    }
  }
}
