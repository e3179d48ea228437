import { after } from '../../bytes/after.js'
import { Bell } from '../machine/talk.js'
import type { BytesPair } from './streams.js'

// The least size of a write, if there are that many bytes.
const full = 2 ** 16

const reserved = 4096

// Chunks of at least this length are not copied.
const long = 2 ** 14

// The time limit for the last messages of a side that gives up.
const lastWordsWithin = 1000

/**
 * The bytes that a side has to send and the other has not taken. There is one write at a time; what is added meanwhile
 * goes out together.
 */
export class Mouth {
  /** Rings when there is room again. */
  readonly room = new Bell()
  /** The bytes to send if this side gives up now. */
  lastWords: Uint8Array | null = null
  readonly #writer: ReturnType<BytesPair['writable']['getWriter']>
  readonly #onMoved: () => void
  readonly #onTaken: () => void
  readonly #onFailure: (thrown: unknown) => void
  /** The chunks that go out before the bytes in the buffer. */
  #parts: Array<Uint8Array> = []
  /** The number of their bytes. */
  #held = 0
  #out = new Uint8Array(reserved)
  #length = 0
  /** The number of bytes sent. */
  #written = 0
  #writing: Promise<unknown> | null = null
  #isDeaf = false

  /** `onMoved` is called when a chunk has been taken, `onTaken` if that had to be awaited. */
  constructor(
    writer: ReturnType<BytesPair['writable']['getWriter']>,
    onMoved: () => void,
    onTaken: () => void,
    onFailure: (thrown: unknown) => void,
  ) {
    this.#writer = writer
    this.#onMoved = onMoved
    this.#onTaken = onTaken
    this.#onFailure = onFailure
  }

  /** The number of bytes put so far. */
  get position(): number {
    return this.#written + this.#held + this.#length
  }

  get hasRoom(): boolean {
    return this.#held + this.#length < full || this.#isDeaf
  }

  /** Whether anything is waiting to go out. */
  get isFilled(): boolean {
    return this.#held + this.#length > 0
  }

  /** Whether a write is waiting for the other side. */
  get isWriting(): boolean {
    return this.#writing !== null
  }

  /** Takes ownership of bytes: long ones are not copied. */
  give(bytes: Uint8Array): void {
    if (bytes.length < long) {
      this.put(bytes)
      return
    }
    this.#seal()
    this.#hold(bytes)
  }

  /** Takes a copy of bytes. */
  put(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#out.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#out.length, full + reserved))
      grown.set(this.#out.subarray(0, this.#length))
      this.#out = grown
    }
    this.#out.set(bytes, this.#length)
    this.#length = needed
  }

  /** Takes back the bytes put from a position on; false if some have gone out. */
  takeBack(position: number): boolean {
    if (position < this.#written) {
      return false
    }
    while (position < this.#written + this.#held) {
      const last = this.#parts.pop() ?? nothing
      this.#held -= last.length
      this.#length = 0
      if (position > this.#written + this.#held) {
        this.#hold(last.subarray(0, position - this.#written - this.#held))
      }
    }
    this.#length = position - this.#written - this.#held
    this.lastWords = null
    return true
  }

  /** Sends a large part; returns whether it did. */
  flushFull(): boolean {
    const isFull = this.#held + this.#length >= full && this.#writing === null
    if (isFull) {
      this.flush()
    }
    return isFull
  }

  flush(): void {
    while (this.#writing === null && this.isFilled) {
      this.#seal()
      const chunk = this.#parts.shift() ?? nothing
      this.#held -= chunk.length
      this.#written += chunk.length
      this.room.ring()
      this.#write(chunk)
    }
  }

  #write(chunk: Uint8Array): void {
    if (this.#isDeaf) {
      return
    }
    try {
      const taken = this.#writer.write(chunk)
      if (taken instanceof Promise) {
        this.#writing = taken.then(
          () => this.#taken(),
          (thrown: unknown) => this.#failed(thrown),
        )
      } else {
        this.#onMoved()
      }
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  #hold(chunk: Uint8Array): void {
    this.#parts.push(chunk)
    this.#held += chunk.length
  }

  /** Moves the buffered bytes after the held chunks, before what comes next. */
  #seal(): void {
    if (this.#length > 0) {
      const chunk = this.#handOver()
      this.#length = 0
      this.#hold(chunk)
    }
  }

  /** Passes the written bytes to the stream; few bytes are copied, so that the buffer is reused. */
  #handOver(): Uint8Array {
    if (this.#length <= reserved) {
      return this.#out.slice(0, this.#length)
    }
    const chunk = this.#out.subarray(0, this.#length)
    // An idle connection keeps only a small buffer.
    this.#out = new Uint8Array(reserved)
    return chunk
  }

  /** Resolves when all bytes put so far are on their way. */
  async saidAll(): Promise<void> {
    while (this.isFilled && !this.#isDeaf) {
      this.flush()
      await this.#writing
    }
  }

  /** Sends the rest, and closes. */
  async close(): Promise<void> {
    while ((this.isFilled || this.#writing !== null) && !this.#isDeaf) {
      this.flush()
      await this.#writing
    }
    try {
      await this.#writer.close()
    } catch {
      // The stream is closed, so the error has no receiver.
    }
  }

  /** Gives up. The result settles when the last messages have gone out, or are not taken. */
  abort(reason: unknown): void | Promise<void> {
    const { lastWords } = this
    this.lastWords = null
    if (lastWords === null || this.#isDeaf) {
      this.#letGo(reason)
      return
    }
    this.put(lastWords)
    this.flush()
    if (this.#writing === null) {
      this.#letGo(reason)
      return
    }
    return this.#sayAll().then(() => this.#letGo(reason))
  }

  async #sayAll(): Promise<void> {
    let stop: () => void = () => undefined
    const late = new Promise<null>((resolve) => {
      stop = after(lastWordsWithin, () => resolve(null))
    })
    let isLate = false
    while (this.#writing !== null && !isLate) {
      isLate = (await Promise.race([this.#writing, late])) === null
    }
    stop()
  }

  #letGo(reason: unknown): void {
    this.#isDeaf = true
    this.#drop()
    try {
      const done = this.#writer.abort(reason)
      if (done instanceof Promise) {
        done.catch(() => undefined)
      }
    } catch {
      // The stream was closed already.
    }
  }

  #drop(): void {
    this.#parts = []
    this.#held = 0
    this.#length = 0
  }

  #taken(): void {
    this.#writing = null
    this.room.ring()
    this.#onMoved()
    this.flush()
    this.#onTaken()
  }

  #failed(thrown: unknown): void {
    this.#writing = null
    if (!this.#isDeaf) {
      this.#isDeaf = true
      this.#drop()
      this.room.ring()
      this.#onFailure(thrown)
    }
  }
}

const nothing = new Uint8Array(0)
