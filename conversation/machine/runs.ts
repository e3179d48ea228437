/**
 * Where the bytes of a content lie in the stream that carries them in pieces. What is no longer asked for is forgotten, so
 * that it takes no more memory than the message that is being read.
 */
export class Runs {
  /** Where each run of bytes that lie side by side begins: in the content, and in the stream. */
  #positions: Array<number> = []
  #offsets: Array<number> = []
  #first = 0
  #size = 0
  /** The offset behind the last byte. */
  #end: number
  /** Whether what comes next begins a run wherever it lies: behind the start, and behind an empty piece. */
  #isApart = true
  /** A byte before all that is remembered, and where it lies. */
  #early: { readonly position: number; readonly offset: number } | null = null

  /** `start`: the offset of what is carried, before any of it has come. */
  constructor(start: number) {
    this.#end = start
  }

  /** The next bytes of the content. */
  add(length: number, offset: number): void {
    if (length > 0 && (this.#isApart || offset !== this.#end)) {
      this.#positions.push(this.#size)
      this.#offsets.push(offset)
    }
    this.#isApart = length === 0
    this.#size += length
    this.#end = offset + length
  }

  /** The offset of a byte of the content; at the end that behind the last piece, be it empty. */
  at(position: number): number {
    if (position === this.#early?.position) {
      return this.#early.offset
    }
    if (position === this.#size) {
      return this.#end
    }
    const run = this.#runOf(position)
    return this.#offsets[run]! + position - this.#positions[run]!
  }

  /** Calls `add` for each part of `[position, position + length)` that lies in one piece. */
  each(position: number, length: number, add: (length: number, offset: number) => void): void {
    for (let at = position; at < position + length; ) {
      const next = this.#positions[this.#runOf(at) + 1] ?? this.#size
      const end = Math.min(next, position + length)
      add(end - at, this.at(at))
      at = end
    }
  }

  /** Nothing before this byte of the content is asked for any more, but for one `early` byte. */
  forget(position: number, early: number): void {
    this.#early = early < position ? { position: early, offset: this.at(early) } : null
    this.#first = Math.max(this.#first, this.#runOf(position))
    // What is moved is no more than what goes.
    if (this.#first > 64 && 2 * this.#first > this.#positions.length) {
      this.#positions = this.#positions.slice(this.#first)
      this.#offsets = this.#offsets.slice(this.#first)
      this.#first = 0
    }
  }

  /** The last run that begins at the position or before it. */
  #runOf(position: number): number {
    let low = this.#first - 1
    let high = this.#positions.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#positions[middle]! <= position) {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return low
  }
}
