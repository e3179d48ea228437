import { Meter } from '../machine/meter.js'
import { Bell, type Talk } from '../machine/talk.js'
import { ConversationError } from './interruption.js'
import { Kept } from './kept.js'

/** How much may lie unread before no more is taken. */
const enough = 2 ** 18

/** Bytes that come, for one who reads them. What is left unread when a loop over them ends is thrown away. */
export class Incoming extends Meter implements AsyncIterable<Uint8Array> {
  /** What was thrown away of it is not kept, but still has to come. */
  isDiscarded = false
  readonly #ring: (bell: Bell) => void
  readonly #begun: () => void
  /** Else why it broke off is not known before all is over: it may be a departure. */
  readonly #isToldAtOnce: boolean
  readonly #taken = new Bell()
  readonly #kept = new Kept()
  #isOver = false
  #failure: { readonly reason: unknown } | null = null
  #wake: (() => void) | null = null

  /** `ring` wakes those who wait for room; `begun` is called when the first of it is there. */
  constructor(ring: (bell: Bell) => void, begun: () => void, isToldAtOnce: boolean) {
    super(null)
    this.#isToldAtOnce = isToldAtOnce
    this.#ring = ring
    this.#begun = begun
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether it has not come to its end, and never will. */
  get isBroken(): boolean {
    return this.#failure !== null
  }

  /** Whether somebody waits for more. */
  get isHungry(): boolean {
    return this.#wake !== null && !this.#isOver
  }

  /** Whether what comes next is waited for, and not kept for one who takes his time. */
  get isAwaited(): boolean {
    return this.#wake !== null || this.#isOver || this.isDiscarded
  }

  override push(bytes: Uint8Array): void {
    this.size += bytes.length
    if (bytes.length > 0) {
      if (!this.isDiscarded) {
        // Those that were pushed are read where they lie, and only until the talk waits.
        this.#kept.add(bytes)
        this.#call()
      }
      this.#begun()
    }
  }

  override get isFull(): boolean {
    return this.#kept.size > enough
  }

  override *room(): Talk<void> {
    while (this.isFull) {
      yield this.#taken.next()
    }
  }

  override end(): void {
    this.#finish()
    this.#begun()
  }

  override fail(reason: unknown): void {
    if (this.#isToldAtOnce) {
      this.breakOff(reason)
    }
  }

  /** It does not come to its end. */
  breakOff(reason: unknown): void {
    if (!this.#isOver) {
      this.#failure = { reason }
      this.#finish()
    }
  }

  /** Nobody wants it. */
  discard(): void {
    this.isDiscarded = true
    this.#kept.drop()
    this.#call()
    this.#ring(this.#taken)
  }

  /** What comes next, if it is there already; else null. */
  nextNow(): Uint8Array | null {
    const chunk = this.#kept.take()
    if (chunk !== null) {
      this.#ring(this.#taken)
    }
    return chunk
  }

  /** What comes next; null at the end, and where it was thrown away. @throws ConversationError where it breaks off. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.nextNow()
      if (chunk !== null) {
        return chunk
      }
      if (this.#failure !== null) {
        throw new ConversationError(this.#failure.reason)
      }
      if (this.#isOver || this.isDiscarded) {
        return null
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        // Who asks for pieces asks for more now.
        this.#ring(this.#taken)
      })
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
        yield chunk
      }
    } finally {
      this.discard()
    }
  }

  #finish(): void {
    this.#isOver = true
    this.#call()
    this.#ring(this.#taken)
  }

  #call(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  /** Rings when some of it was taken, thrown away, or asked for. */
  get bell(): Bell {
    return this.#taken
  }
}
