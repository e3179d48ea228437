import { escapedBytes } from '../../bytes/escaped.js'
import { paddedSize, paddingOf } from '../../bytes/padding.js'
import { strings } from '../../bytes/strings.js'
import { Room } from './room.js'

/** Contents of at least this size are not copied. */
const largeContents = 4096

/** If the rest of a buffer is smaller than this, it is not used as a room. */
const smallestRoom = 1024

/**
 * Outgoing bytes: small pieces are collected in a buffer, large ones are passed on without a copy. A buffer that was
 * passed on is not reused, unless the caller allows it.
 */
export class Outflow {
  readonly #chunkSize: number
  #room: Room
  /** How much of the buffer has been passed on. */
  #from = 0
  #ready: Array<Uint8Array> = []
  #readyBytes = 0
  #taken = 0

  constructor(chunkSize: number) {
    if (!Number.isSafeInteger(chunkSize) || chunkSize < 1 || chunkSize > 2 ** 30) {
      throw new RangeError(`a chunk size must be an integer from 1 to 2^30, not ${chunkSize}`)
    }
    this.#chunkSize = chunkSize
    this.#room = new Room(new Uint8Array(chunkSize))
  }

  get offset(): number {
    return this.#taken + this.#readyBytes + this.#collected
  }

  get #collected(): number {
    return this.#room.at - this.#from
  }

  get full(): boolean {
    return this.#readyBytes + this.#collected >= this.#chunkSize
  }

  take(): ReadonlyArray<Uint8Array> {
    this.flush()
    const ready = this.#ready
    this.#taken += this.#readyBytes
    this.#ready = []
    this.#readyBytes = 0
    return ready
  }

  /** Passes on the bytes in the buffer as a chunk. */
  flush(): void {
    const { bytes, at } = this.#room
    if (at > this.#from) {
      this.#add(bytes.subarray(this.#from, at))
      this.#from = at
    }
  }

  /** Allows taken chunks to be overwritten. */
  reuse(): void {
    this.#from = 0
    this.#room.at = 0
  }

  /** Whether that many bytes are few enough to be collected with others. */
  collects(size: number): boolean {
    return size <= this.#chunkSize / 2
  }

  /** Room for others to write `need` bytes, unless those are too many to be collected. */
  room(need: number): Room {
    if (this.collects(need)) {
      this.#reserve(Math.max(need, Math.min(smallestRoom, this.#chunkSize)))
    }
    return this.#room
  }

  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#room.copy(bytes)
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
    this.#room.integer(value)
  }

  /** Writes the zeros after `length` bytes. */
  pad(length: number): void {
    this.#reserve(paddingOf(length))
    this.#room.pad(length)
  }

  /**
   * Writes a text with its length and padding; returns the length, or null if the text represents no bytes.
   */
  text(text: string, limit: number): number | null {
    if (text.length > limit) {
      return strings.byteLength(text)
    }
    const escaped = text.isWellFormed() ? undefined : escapedBytes(text)
    if (escaped === null) {
      return null
    }
    this.#reserve(paddedSize(3 * text.length))
    const room = this.#room
    const start = room.at + 8
    const length =
      escaped === undefined ? strings.write(room.bytes, text, start) : put(escaped, room.bytes, start)
    if (length <= limit) {
      room.integer(length)
      room.at = start + length
      room.pad(length)
    }
    return length
  }

  #add(bytes: Uint8Array): void {
    this.#ready.push(bytes)
    this.#readyBytes += bytes.length
  }

  #reserve(more: number): void {
    if (more > this.#room.left) {
      this.flush()
      this.#room = new Room(new Uint8Array(Math.max(this.#chunkSize, more)))
      this.#from = 0
    }
  }
}

const put = (bytes: Uint8Array, into: Uint8Array, at: number): number => {
  into.set(bytes, at)
  return bytes.length
}
