import { Meter } from '../machine/meter.js'
import { Bell, type Talk } from '../machine/talk.js'
import { ConversationError } from './interruption.js'
import { Kept } from './kept.js'

/** How many bytes may be unread before no more are taken. */
const enough = 2 ** 18

/** Received bytes, for one reader. What is unread when a loop over them ends is discarded. */
export class Incoming extends Meter implements AsyncIterable<Uint8Array> {
  /** Discarded bytes are not kept, but still have to come. */
  isDiscarded = false
  readonly #ring: (bell: Bell) => void
  readonly #begun: () => void
  /** Otherwise the reason of its end is known only when all is over: it may be a departure. */
  readonly #isToldAtOnce: boolean
  readonly #taken = new Bell()
  readonly #kept = new Kept()
  #isOver = false
  #failure: { readonly reason: unknown } | null = null
  #wake: (() => void) | null = null

  /** `ring` wakes those who wait for room; `begun` is called with the first bytes. */
  constructor(ring: (bell: Bell) => void, begun: () => void, isToldAtOnce: boolean) {
    super(null)
    this.#isToldAtOnce = isToldAtOnce
    this.#ring = ring
    this.#begun = begun
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether it has broken off before its end. */
  get isBroken(): boolean {
    return this.#failure !== null
  }

  /** Whether a reader waits for more. */
  get isHungry(): boolean {
    return this.#wake !== null && !this.#isOver
  }

  /** Whether a reader waits for what comes next, so that it need not be kept. */
  get isAwaited(): boolean {
    return this.#wake !== null || this.#isOver || this.isDiscarded
  }

  override push(bytes: Uint8Array): void {
    this.size += bytes.length
    if (bytes.length > 0) {
      if (!this.isDiscarded) {
        // Pushed bytes are read in place, and only until the talk waits.
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

  /** Breaks off before its end. */
  breakOff(reason: unknown): void {
    if (!this.#isOver) {
      this.#failure = { reason }
      this.#finish()
    }
  }

  /** The bytes are no longer wanted. */
  discard(): void {
    this.isDiscarded = true
    this.#kept.drop()
    this.#call()
    this.#ring(this.#taken)
  }

  /** The next bytes, if they are there already; otherwise null. */
  nextNow(): Uint8Array | null {
    const chunk = this.#kept.take()
    if (chunk !== null) {
      this.#ring(this.#taken)
    }
    return chunk
  }

  /**
   * The next bytes; null at the end, and if they were discarded. @throws ConversationError if it breaks off.
   */
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
        // Lets a requested upload request more.
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

  /** Rings when bytes were taken, discarded, or requested. */
  get bell(): Bell {
    return this.#taken
  }
}
