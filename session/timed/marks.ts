/** When bytes came, and how long each side had been waited for until then, in milliseconds. */
export interface Stamp {
  readonly at: number
  readonly client: number
  readonly server: number
}

interface Mark {
  /** The offset after those bytes. */
  end: number
  readonly stamp: Stamp
}

/** The number of times that are kept exactly. */
const most = 4096

/**
 * When each byte of a stream came. Times of finished events are dropped. If there are too many others, every second one
 * is dropped, and its bytes get the next time.
 */
export class Marks {
  #marks: Array<Mark> = []

  get count(): number {
    return this.#marks.length
  }

  add(end: number, stamp: Stamp): void {
    const last = this.#marks.at(-1)
    if (last !== undefined && last.stamp.at === stamp.at) {
      last.end = end
      return
    }
    this.#marks.push({ end, stamp })
    if (this.#marks.length > most) {
      // The first and the last mark belong to what is going on, and stay.
      const { length } = this.#marks
      this.#marks = this.#marks.filter((_, i) => i === 0 || i === length - 1 || i % 2 === 0)
    }
  }

  /** When a byte came; null if that is not known. */
  of(offset: number): Stamp | null {
    let low = 0
    let high = this.#marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#marks[middle]!.end > offset) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return this.#marks[low]?.stamp ?? null
  }

  /** Drops the times before an offset. */
  forget(offset: number): void {
    let count = 0
    while (count < this.#marks.length && this.#marks[count]!.end <= offset) {
      count++
    }
    if (count > 0) {
      this.#marks.splice(0, count)
    }
  }
}
