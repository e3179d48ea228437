import { grown } from '../bytes/grown.js'
import type { BytesOut } from '../conversation/index.js'
import type { Chunks } from '../stream/chunks.js'
import { chunksOf, type Source } from '../stream/source.js'

// How many bytes of content a frame holds, but for the last one.
const frameSize = 65536
const firstMemory = 4096

const unwanted = new Error('the daemon takes no more of the upload')

/**
 * A source as what flows in a turn. `gathers`: into pieces of the size of a frame, so that a source of many small ones does
 * not become as many frames. It is asked when the request is `said`: what fails then fails behind that.
 */
export const uploadOf = (source: Source, gathers: boolean, said: () => Promise<void>): BytesOut => {
  const given = chunksOf(source)
  const chunks = gathers ? new Gathered(given) : given
  let isFirst = true
  const next = (): Result | Promise<Result> => {
    if (isFirst) {
      isFirst = false
      return said().then(next)
    }
    const chunk = chunks.next()
    return chunk instanceof Promise ? chunk.then(resultOf) : resultOf(chunk)
  }
  const iterator = {
    next: next as () => Result,
    return: (): Result => {
      given.cancel(unwanted)
      return resultOf(null)
    },
  }
  return { [Symbol.iterator]: () => iterator }
}

type Result = IteratorResult<Uint8Array, undefined>

const resultOf = (chunk: Uint8Array | null): Result =>
  chunk === null ? { done: true, value: undefined } : { done: false, value: chunk }

/** Chunks of one size, but for the last. Of a source that fails the part of a chunk is not given. */
class Gathered {
  readonly #chunks: Chunks
  #memory = new Uint8Array(0)
  #length = 0
  #rest = new Uint8Array(0)
  #isOver = false

  constructor(chunks: Chunks) {
    this.#chunks = chunks
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    while (!this.#isOver && !this.#isFull) {
      const chunk = this.#chunks.next()
      if (chunk instanceof Promise) {
        return this.#later(chunk)
      }
      this.#take(chunk)
    }
    return this.#given()
  }

  async #later(first: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    this.#take(await first)
    while (!this.#isOver && !this.#isFull) {
      this.#take(await this.#chunks.next())
    }
    return this.#given()
  }

  get #isFull(): boolean {
    return this.#length + this.#rest.length >= frameSize
  }

  #take(chunk: Uint8Array | null): void {
    if (chunk === null) {
      this.#isOver = true
    } else {
      this.#keep()
      this.#rest = chunk as Uint8Array<ArrayBuffer>
    }
  }

  /** Copies what is left of the last chunk behind what was kept before. */
  #keep(): void {
    const needed = this.#length + this.#rest.length
    if (needed > this.#memory.length) {
      this.#memory = grown(this.#memory, this.#length, needed, {
        least: firstMemory,
        most: frameSize,
      }) as Uint8Array<ArrayBuffer>
    }
    this.#memory.set(this.#rest, this.#length)
    this.#length = needed
    this.#rest = this.#rest.subarray(this.#rest.length)
  }

  #given(): Uint8Array | null {
    const part = this.#rest.subarray(0, frameSize - this.#length)
    if (this.#length === 0) {
      this.#rest = this.#rest.subarray(part.length)
      return part.length === 0 ? null : part
    }
    const rest = this.#rest.subarray(part.length)
    this.#rest = part
    this.#keep()
    this.#rest = rest
    const given = this.#memory.subarray(0, this.#length)
    this.#length = 0
    return given
  }
}
