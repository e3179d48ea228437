import { escapedBytes } from '../../bytes/escaped.js'
import { paddedSize, paddingOf } from '../../bytes/padding.js'
import { strings } from '../../bytes/strings.js'

/** Contents of at least so many bytes are not copied. */
const largeContents = 4096

/**
 * Bytes on their way out: small pieces are collected in a buffer, large ones go out as they are. A buffer that has
 * been handed out is never written again.
 */
export class Outflow {
  readonly #chunkSize: number
  #buffer: Uint8Array
  #view: DataView
  /** What of the buffer has been handed out, and what is written. */
  #from = 0
  #pos = 0
  #ready: Array<Uint8Array> = []
  #readyBytes = 0
  #taken = 0

  constructor(chunkSize: number) {
    if (!Number.isSafeInteger(chunkSize) || chunkSize < 1 || chunkSize > 2 ** 30) {
      throw new RangeError(`a chunk size must be an integer from 1 to 2^30, not ${chunkSize}`)
    }
    this.#chunkSize = chunkSize
    this.#buffer = new Uint8Array(chunkSize)
    this.#view = new DataView(this.#buffer.buffer)
  }

  get offset(): number {
    return this.#taken + this.#readyBytes + (this.#pos - this.#from)
  }

  get full(): boolean {
    return this.#readyBytes + (this.#pos - this.#from) >= this.#chunkSize
  }

  take(): ReadonlyArray<Uint8Array> {
    this.flush()
    const ready = this.#ready
    this.#taken += this.#readyBytes
    this.#ready = []
    this.#readyBytes = 0
    return ready
  }

  /** Makes what is in the buffer a chunk. */
  flush(): void {
    if (this.#pos > this.#from) {
      this.#add(this.#buffer.subarray(this.#from, this.#pos))
      this.#from = this.#pos
    }
  }

  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#pos)
    this.#pos += bytes.length
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length >= largeContents) {
      this.flush()
      this.#add(bytes)
    } else {
      this.copy(bytes)
    }
  }

  integer(value: number): void {
    this.#reserve(8)
    this.#view.setUint32(this.#pos, value % 4294967296, true)
    this.#view.setUint32(this.#pos + 4, value / 4294967296, true)
    this.#pos += 8
  }

  /** The zeros behind `length` bytes. */
  pad(length: number): void {
    const padding = paddingOf(length)
    this.#reserve(padding)
    this.#buffer.fill(0, this.#pos, this.#pos + padding)
    this.#pos += padding
  }

  /** Writes a text with its length and padding; returns the length, null where the text stands for no bytes. */
  text(text: string, limit: number): number | null {
    if (text.length > limit) {
      return strings.byteLength(text)
    }
    const escaped = text.isWellFormed() ? undefined : escapedBytes(text)
    if (escaped === null) {
      return null
    }
    this.#reserve(paddedSize(3 * text.length))
    const start = this.#pos + 8
    const length =
      escaped === undefined ? strings.write(this.#buffer, text, start) : this.#put(escaped, start)
    if (length <= limit) {
      this.integer(length)
      this.#pos = start + length
      this.pad(length)
    }
    return length
  }

  #put(bytes: Uint8Array, at: number): number {
    this.#buffer.set(bytes, at)
    return bytes.length
  }

  #add(bytes: Uint8Array): void {
    this.#ready.push(bytes)
    this.#readyBytes += bytes.length
  }

  #reserve(more: number): void {
    if (this.#pos + more > this.#buffer.length) {
      this.flush()
      this.#buffer = new Uint8Array(Math.max(this.#chunkSize, more))
      this.#view = new DataView(this.#buffer.buffer)
      this.#from = 0
      this.#pos = 0
    }
  }
}
