import { plainBytes } from './byte-array.js'

const nothing = new Uint8Array(0)
const viewOfNothing = new DataView(nothing.buffer)

// A larger buffer, made for a large value, is not kept for small ones.
const keptWhenIdle = 2 ** 20

/**
 * The bytes of a stream that have come and are still needed: a window that moves along the stream. Readers read `bytes`
 * and `view` from `pos` to `end`, and move `pos`.
 *
 * A chunk is read in place, or copied into the window's own buffer. The buffer grows with the bytes that come, not with
 * announced lengths, is reused, and copies each byte a few times, however the bytes are cut.
 */
export class Window {
  /** Never a subclass such as Buffer, since slices of it would be of that class too. */
  bytes: Uint8Array = nothing
  view: DataView = viewOfNothing
  pos = 0
  end = 0
  /** The difference between `pos` and the offset in the stream. */
  base = 0
  readonly #reserved: number
  #own: Uint8Array = nothing
  #viewOfOwn: DataView = viewOfNothing
  /** The offset from which bytes are kept although they have been read. */
  #mark = Number.POSITIVE_INFINITY

  /** `reserved`: the least room whenever bytes are copied. */
  constructor(reserved = 0) {
    this.#reserved = reserved
  }

  /** The offset of the next byte in the stream. */
  get offset(): number {
    return this.base + this.pos
  }

  /** The number of bytes that have come and are unread. */
  get unread(): number {
    return this.end - this.pos
  }

  /** The unread bytes: a view, valid until more come. */
  get rest(): Uint8Array {
    return this.bytes.subarray(this.pos, this.end)
  }

  /** The size of the buffer. */
  get capacity(): number {
    return this.bytes.length
  }

  /** The offset of the first byte that is certainly kept: marked, or unread. */
  get keptFrom(): number {
    return Math.max(this.base, Math.min(this.offset, this.#mark))
  }

  /** The kept part of `[start, end)`, read or not: a view, valid until more bytes come. */
  between(start: number, end: number = Number.POSITIVE_INFINITY): Uint8Array {
    const from = Math.min(Math.max(start - this.base, 0), this.end)
    return this.bytes.subarray(from, Math.min(Math.max(end - this.base, from), this.end))
  }

  /** Takes the next chunk: in place if nothing before it is kept, otherwise as a copy. */
  push(chunk: Uint8Array): void {
    if (this.keptFrom === this.base + this.end) {
      this.lend(chunk)
    } else {
      this.append(chunk)
    }
  }

  /**
   * Reads a chunk in place, from byte `at` on, which is at `offset` in the stream. Nothing before it is kept.
   */
  lend(chunk: Uint8Array, at = 0, offset: number = this.offset): void {
    const plain = chunk.constructor === Uint8Array ? chunk : plainBytes(chunk)
    this.bytes = plain
    this.view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
    this.pos = at
    this.end = plain.length
    this.base = offset - at
  }

  /** Copies a chunk after the bytes that are there. */
  append(chunk: Uint8Array): void {
    this.#reserve(Math.max(chunk.length, this.#reserved))
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }

  /** Copies the kept part of a chunk that is read in place, and releases the chunk. */
  settle(): void {
    if (this.bytes !== this.#own) {
      this.#move(this.base + this.end === this.keptFrom ? 0 : this.#reserved)
    }
  }

  /** Skips the unread bytes, and releases all memory. */
  clear(): void {
    this.base += this.end
    this.pos = 0
    this.end = 0
    this.bytes = nothing
    this.view = viewOfNothing
    this.#own = nothing
    this.#viewOfOwn = viewOfNothing
  }

  /**
   * The unread bytes, without a copy: they belong to the caller, and the window never writes to their buffer again.
   */
  handOver(): Uint8Array {
    const all = this.rest
    this.clear()
    return all
  }

  /** Puts the last bytes read back in front of the unread ones. */
  putBack(bytes: Uint8Array): void {
    const offset = this.offset - bytes.length
    const behind = this.handOver()
    this.lend(bytes, 0, offset)
    if (behind.length > 0) {
      this.append(behind)
    }
  }

  /** Copies and removes at most that many bytes. */
  take(most: number): Uint8Array {
    const bytes = this.bytes.slice(this.pos, Math.min(this.end, this.pos + most))
    this.pos += bytes.length
    return bytes
  }

  /** Counts bytes that were read directly while the window was empty; none before them is kept. */
  pass(count: number): void {
    this.base += this.end + count
    this.pos = 0
    this.end = 0
  }

  /** Keeps the bytes after an offset, if they are still there, so that {@link rewind} can go back to it. */
  keepFrom(offset: number): void {
    this.#mark = offset
  }

  /** Keeps only the unread bytes. */
  release(): void {
    this.#mark = Number.POSITIVE_INFINITY
  }

  /** Keeps all bytes read from here on, until the returned function is called; bytes kept before stay so. */
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

  /** Makes room for `more` bytes after those that are there. */
  #reserve(more: number): void {
    const { length } = this.#own
    const isIdle = length > keptWhenIdle && more < keptWhenIdle && this.keptFrom === this.base + this.end
    if (this.bytes !== this.#own || length - this.end < more || isIdle) {
      this.#move(more)
    }
  }

  /** Moves the kept bytes to the front of a buffer of the window's own with room for `more`. */
  #move(more: number): void {
    const { bytes, end } = this
    const first = this.keptFrom - this.base
    const count = end - first
    const { length } = this.#own
    const isOwn = bytes === this.#own
    // Moving the kept bytes costs no more than reading those before them did.
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
