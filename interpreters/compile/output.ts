import { grown } from '../../bytes/grown.js'
import { messageOfBytes } from '../../combinators/limits.js'
import * as words from '../../combinators/words.js'
import { Fault, refuse, refuseLimit } from './fault.js'

const nothing = new Uint8Array(0)

/** The bytes of an encoder: in its own growing buffer, or in a target of fixed size. */
export class Output {
  /** At most as long as one value may be: without room to write, the value may be too long. */
  bytes: Uint8Array = nothing
  view: DataView = new DataView(nothing.buffer)
  pos = 0
  /** What to subtract from `pos` for an offset in the message. */
  start = 0
  depth = 0
  /** Whether the value was decoded: errors thrown then are not its fault. */
  trusted = false
  /** The most bytes of the value. */
  #most = Number.POSITIVE_INFINITY
  #fixed = false
  /** The growing buffer, which is kept for the next value. */
  #own: Uint8Array = nothing
  readonly fault = new Fault()
  /** The stops of writers, the innermost first; see `stops.ts`. */
  readonly stops: Array<unknown> = []

  /** Writes into the growing buffer. */
  openGrowing(most: number): void {
    if (this.#own.length === 0) {
      this.#own = new Uint8Array(4096)
    }
    this.#fixed = false
    this.#open(this.#own, 0, most)
  }

  /** Writes only into this target. */
  openFixed(target: Uint8Array, at: number, most: number): void {
    this.#fixed = true
    this.#open(target, at, most)
  }

  /** Releases what should not be kept: the caller's target, or a buffer that a large message has grown. */
  close(): void {
    if (this.#own.length > keptBytes) {
      this.#own = nothing
    }
    if (this.bytes !== this.#own) {
      this.#use(this.#own)
    }
    this.stops.length = 0
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    if (this.pos + more > this.bytes.length) {
      this.#grow(more)
    }
  }

  /** Whether `more` bytes fit without growing, or the buffer may grow that far. */
  fits(more: number): boolean {
    return (
      this.pos + more <= this.bytes.length || (!this.#fixed && this.pos + more - this.start <= this.#most)
    )
  }

  /** Rejects a part of `more` bytes that makes the value too long. */
  checkSize(more: number): void {
    const bytes = this.pos + more - this.start
    if (bytes > this.#most) {
      refuseLimit(this, 'message', this.#most, this.pos - this.start, messageOfBytes(bytes))
    }
  }

  #grow(more: number): void {
    this.checkSize(more)
    if (this.#fixed) {
      refuse(
        this,
        'NoSpace',
        this.pos - this.start,
        words.roomFor(words.bytesCount(more)),
        words.roomFor(this.bytes.length - this.pos),
      )
    }
    this.#own = grown(this.bytes, this.pos, this.pos + more)
    this.#use(this.#upTo(this.#own))
  }

  #open(bytes: Uint8Array, at: number, most: number): void {
    this.pos = at
    this.start = at
    this.depth = 0
    this.#most = most
    const usable = this.#upTo(bytes)
    if (usable !== this.bytes) {
      this.#use(usable)
    }
  }

  /** The part of a buffer that the value may use. */
  #upTo(bytes: Uint8Array): Uint8Array {
    const end = this.start + this.#most
    return end < bytes.length ? bytes.subarray(0, end) : bytes
  }

  #use(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

const keptBytes = 16 * 2 ** 20
