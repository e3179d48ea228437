import { grown } from '../../bytes/grown.js'
import { messageOfBytes } from '../../combinators/limits.js'
import * as words from '../../combinators/words.js'
import { Fault, refuse, refuseLimit } from './fault.js'

const nothing = new Uint8Array(0)

/** The bytes an encoder writes: a buffer of its own that grows, or a target of fixed size. */
export class Output {
  /** No longer than what one value may take: where there is no room to write, it may be too long. */
  bytes: Uint8Array = nothing
  view: DataView = new DataView(nothing.buffer)
  pos = 0
  /** What to take from `pos` for an offset in the message. */
  start = 0
  depth = 0
  /** Whether the value is one that was read: what is thrown then is no fault of it. */
  trusted = false
  /** The most bytes that the value may take. */
  #most = Number.POSITIVE_INFINITY
  #fixed = false
  /** The buffer that grows, which is kept for the next value. */
  #own: Uint8Array = nothing
  readonly fault = new Fault()
  /** Where writers stopped, the innermost first; see `stops.ts`. */
  readonly stops: Array<unknown> = []

  /** Writes into a buffer that grows. */
  openGrowing(most: number): void {
    if (this.#own.length === 0) {
      this.#own = new Uint8Array(4096)
    }
    this.#fixed = false
    this.#open(this.#own, 0, most)
  }

  /** Writes into this target and nowhere else. */
  openFixed(target: Uint8Array, at: number, most: number): void {
    this.#fixed = true
    this.#open(target, at, most)
  }

  /** Lets go of what is not worth keeping: the caller's target, or a buffer that one large message grew. */
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

  /** Whether there is room for `more` bytes without growing, or the buffer may grow that far. */
  fits(more: number): boolean {
    return (
      this.pos + more <= this.bytes.length || (!this.#fixed && this.pos + more - this.start <= this.#most)
    )
  }

  /** Refuses a part of `more` bytes that makes the value longer than it may be. */
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

  /** As much of a buffer as the value may take. */
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
