import { Fault, refuse, refuseMessage } from './fault.js'

const nothing = new Uint8Array(0)

/** The bytes an encoder writes: a buffer of its own that grows, or a target of fixed size. */
export class Output {
  bytes: Uint8Array = nothing
  view: DataView = new DataView(nothing.buffer)
  pos = 0
  /** What to take from `pos` for an offset in the message. */
  start = 0
  depth = 0
  /** The most bytes that the value may take. */
  most = Number.POSITIVE_INFINITY
  #fixed = false
  readonly fault = new Fault()

  /** Writes into a buffer that grows. */
  openGrowing(): void {
    if (this.#fixed || this.bytes.length === 0) {
      this.#use(new Uint8Array(4096))
    }
    this.#fixed = false
    this.pos = 0
    this.start = 0
    this.depth = 0
    this.most = Number.POSITIVE_INFINITY
  }

  /** Writes into this target and nowhere else. */
  openFixed(target: Uint8Array, at: number): void {
    this.#use(target)
    this.#fixed = true
    this.pos = at
    this.start = at
    this.depth = 0
    this.most = Number.POSITIVE_INFINITY
  }

  /** Lets go of what is not worth keeping: the caller's target, or a buffer that one large message grew. */
  close(): void {
    if (this.#fixed || this.bytes.length > keptBytes) {
      this.#use(nothing)
    }
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    if (this.pos + more > this.bytes.length) {
      this.#grow(more)
    }
  }

  /** Whether there is room for `more` bytes without growing, or the buffer may grow that far. */
  fits(more: number): boolean {
    return !this.#fixed || this.pos + more <= this.bytes.length
  }

  /** Refuses what has been written where that is more than one value may take; `at` is where the last part began. */
  checkSize(at: number): void {
    if (this.pos - this.start > this.most) {
      refuseMessage(this, this.most, at - this.start, this.pos - this.start)
    }
  }

  #grow(more: number): void {
    if (this.pos + more - this.start > this.most) {
      refuseMessage(this, this.most, this.pos - this.start, this.pos + more - this.start)
    }
    if (this.#fixed) {
      refuse(
        this,
        'NoSpace',
        this.pos - this.start,
        `room for ${more} bytes`,
        `room for ${this.bytes.length - this.pos}`,
      )
    }
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.pos + more))
    grown.set(this.bytes.subarray(0, this.pos))
    this.#use(grown)
  }

  #use(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

const keptBytes = 16 * 2 ** 20
