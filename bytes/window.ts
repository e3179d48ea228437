import { plainBytes } from './byte-array.js'

const nothing = new Uint8Array(0)
const viewOfNothing = new DataView(nothing.buffer)

// What one large value needed is not kept for the small ones after it.
const keptWhenIdle = 2 ** 20

/**
 * The bytes of a stream that have come and are still wanted: a window that moves along the stream. Readers look at
 * `bytes` and `view` from `pos` to `end`, and move `pos`.
 *
 * A chunk is read where it lies, or copied into the window's own memory. That grows with the bytes that come and not
 * with what they announce, is used again, and costs a few copies of each byte, however the bytes are cut.
 */
export class Window {
  /** Never of a subclass such as Buffer, which would make what is sliced off it one of its own kind. */
  bytes: Uint8Array = nothing
  view: DataView = viewOfNothing
  pos = 0
  end = 0
  /** What to add to `pos` for an offset in the stream. */
  base = 0
  readonly #reserved: number
  #own: Uint8Array = nothing
  #viewOfOwn: DataView = viewOfNothing
  /** The offset from which on bytes are kept although they have been read. */
  #mark = Number.POSITIVE_INFINITY

  /** `reserved`: how much room there is, at least, each time bytes are copied. */
  constructor(reserved = 0) {
    this.#reserved = reserved
  }

  /** The offset in the stream of the next byte to be read. */
  get offset(): number {
    return this.base + this.pos
  }

  /** How many bytes have come and have not been read. */
  get unread(): number {
    return this.end - this.pos
  }

  /** What has come and has not been read: a view, good until more comes. */
  get rest(): Uint8Array {
    return this.bytes.subarray(this.pos, this.end)
  }

  /** How many bytes there is room for, those that are there included. */
  get capacity(): number {
    return this.bytes.length
  }

  /** The offset of the first byte that is kept for certain: marked, or not read yet. */
  get keptFrom(): number {
    return Math.max(this.base, Math.min(this.offset, this.#mark))
  }

  /** What is still there of `[start, end)`, read or not: a view, good until more comes. */
  between(start: number, end: number = Number.POSITIVE_INFINITY): Uint8Array {
    const from = Math.min(Math.max(start - this.base, 0), this.end)
    return this.bytes.subarray(from, Math.min(Math.max(end - this.base, from), this.end))
  }

  /** Takes the next chunk: where it lies if nothing before it is kept, else as a copy. */
  push(chunk: Uint8Array): void {
    if (this.keptFrom === this.base + this.end) {
      this.lend(chunk)
    } else {
      this.append(chunk)
    }
  }

  /** Reads a chunk where it lies, from byte `at` on, which is at `offset` in the stream. Nothing before it is kept. */
  lend(chunk: Uint8Array, at = 0, offset: number = this.offset): void {
    const plain = chunk.constructor === Uint8Array ? chunk : plainBytes(chunk)
    this.bytes = plain
    this.view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
    this.pos = at
    this.end = plain.length
    this.base = offset - at
  }

  /** Copies a chunk behind the bytes that are there. */
  append(chunk: Uint8Array): void {
    this.#reserve(Math.max(chunk.length, this.#reserved))
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }

  /** Copies what is kept of a chunk that is read where it lies, and lets go of the chunk. */
  settle(): void {
    if (this.bytes !== this.#own) {
      this.#move(this.base + this.end === this.keptFrom ? 0 : this.#reserved)
    }
  }

  /** Passes over what has not been read, and lets go of all memory. */
  clear(): void {
    this.base += this.end
    this.pos = 0
    this.end = 0
    this.bytes = nothing
    this.view = viewOfNothing
    this.#own = nothing
    this.#viewOfOwn = viewOfNothing
  }

  /** What has not been read, uncopied: it is the caller's, and the window never writes to its memory again. */
  handOver(): Uint8Array {
    const all = this.rest
    this.clear()
    return all
  }

  /** Puts back what was read last, in front of what has not been read. */
  putBack(bytes: Uint8Array): void {
    const offset = this.offset - bytes.length
    const behind = this.handOver()
    this.lend(bytes, 0, offset)
    if (behind.length > 0) {
      this.append(behind)
    }
  }

  /** Copies off at most so many bytes. */
  take(most: number): Uint8Array {
    const bytes = this.bytes.slice(this.pos, Math.min(this.end, this.pos + most))
    this.pos += bytes.length
    return bytes
  }

  /** Counts bytes that were read past the window, which has none to read; none before them is kept. */
  pass(count: number): void {
    this.base += this.end + count
    this.pos = 0
    this.end = 0
  }

  /** Keeps what lies behind an offset, if it is still there, so that {@link rewind} can go back to it. */
  keepFrom(offset: number): void {
    this.#mark = offset
  }

  /** Keeps no more than what has not been read. */
  release(): void {
    this.#mark = Number.POSITIVE_INFINITY
  }

  /** Keeps what is read from here on, until what it returns is called; what was kept already stays so. */
  hold(): () => void {
    const before = this.#mark
    this.#mark = Math.min(before, this.offset)
    return () => {
      this.#mark = before
    }
  }

  /** Goes back to an offset; false if its bytes are no longer there. */
  rewind(offset: number): boolean {
    const pos = offset - this.base
    const isThere = pos >= 0 && pos <= this.end
    if (isThere) {
      this.pos = pos
    }
    return isThere
  }

  /** Makes room for `more` bytes behind those that are there. */
  #reserve(more: number): void {
    const { length } = this.#own
    const isIdle = length > keptWhenIdle && more < keptWhenIdle && this.keptFrom === this.base + this.end
    if (this.bytes !== this.#own || length - this.end < more || isIdle) {
      this.#move(more)
    }
  }

  /** Moves what is kept to the front of memory of the window's own that has room for `more`. */
  #move(more: number): void {
    const { bytes, end } = this
    const first = this.keptFrom - this.base
    const count = end - first
    const { length } = this.#own
    const isOwn = bytes === this.#own
    // Moving what is there costs no more than what was read before it.
    if (length < count + more || (isOwn && count > first)) {
      this.#use(Math.max(count + more, isOwn ? 2 * length : 0))
    } else if (length > keptWhenIdle && count + more < keptWhenIdle) {
      this.#use(count + more)
    }
    this.#own.set(bytes.subarray(first, end))
    this.bytes = this.#own
    this.view = this.#viewOfOwn
    this.pos -= first
    this.end = count
    this.base += first
  }

  #use(length: number): void {
    this.#own = new Uint8Array(length)
    this.#viewOfOwn = new DataView(this.#own.buffer)
  }
}
