/** Members that wait for their turn, in order. */
export class Queue<A> {
  #items: Array<A | null> = []
  #first = 0

  get first(): A | null {
    return this.#items[this.#first] ?? null
  }

  /** All of them, the first in front. */
  get all(): ReadonlyArray<A> {
    return this.#items.slice(this.#first).flatMap((each) => (each === null ? [] : [each]))
  }

  enter(item: A): void {
    this.#items.push(item)
  }

  /** Removes one, wherever it is. */
  leave(item: A): void {
    const at = this.first === item ? this.#first : this.#items.indexOf(item, this.#first)
    if (at < 0) {
      return
    }
    this.#items[at] = null
    while (this.#first < this.#items.length && this.#items[this.#first] === null) {
      this.#first++
    }
    // At most as many items are moved as were removed.
    if (this.#first > 64 && 2 * this.#first > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
  }
}
