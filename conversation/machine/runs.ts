/**
 * Where the bytes of a content are in the stream that carries them in pieces. Places that are no longer needed are
 * dropped, so that it needs no more memory than the current message.
 */
export class Runs {
  /** The beginning of each contiguous run of bytes: in the content, and in the stream. */
  #positions: Array<number> = []
  #offsets: Array<number> = []
  #first = 0
  #size = 0
  /** The offset after the last byte. */
  #end: number
  /** Whether what comes next always begins a run: after the start, and after an empty piece. */
  #isApart = true
  /** A byte before all that is kept, and its place. */
  #early: { readonly position: number; readonly offset: number } | null = null

  /** `start`: the offset of the content, before any of it has come. */
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

  /** The offset of a byte of the content; at the end, that after the last piece, even an empty one. */
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

  /** Calls `add` for each part of `[position, position + length)` within one piece. */
  each(position: number, length: number, add: (length: number, offset: number) => void): void {
    for (let at = position; at < position + length; ) {
      const next = this.#positions[this.#runOf(at) + 1] ?? this.#size
      const end = Math.min(next, position + length)
      add(end - at, this.at(at))
      at = end
    }
  }

  /** Nothing before this byte of the content is needed any more, except one `early` byte. */
  forget(position: number, early: number): void {
    this.#early = early < position ? { position: early, offset: this.at(early) } : null
    this.#first = Math.max(this.#first, this.#runOf(position))
    // At most as many places are moved as were dropped.
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
