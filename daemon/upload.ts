import { grown } from '../bytes/grown.js'
import type { BytesOut } from '../conversation/methods.js'
import type { Chunks } from '../stream/chunks.js'
import { chunksOf, type Source } from '../stream/source.js'

// The bytes of content in a frame, except the last.
const frameSize = 65536
const firstMemory = 4096

const unwanted = new Error('the daemon no longer reads the upload')

/**
 * A source as the upload of a turn. `gathers`: into pieces of the size of a frame, so that many small ones do not
 * become as many frames. It is read after the request is `said`, so that its errors come after the request.
 */
export const uploadOf = (source: Source, gathers: boolean, said: () => Promise<void>): BytesOut => {
  const given = chunksOf(source)
  const chunks = gathers ? new Gathered(given) : given
  const result = (chunk: Uint8Array | null) => resultOf(gathers ? chunk : copied(chunk))
  let isFirst = true
  const next = (): Result | Promise<Result> => {
    if (isFirst) {
      isFirst = false
      return said().then(next)
    }
    const chunk = chunks.next()
    return chunk instanceof Promise ? chunk.then(result) : result(chunk)
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

/** A copy, since the connection keeps the bytes for a while, and a source may overwrite its own. */
const copied = (chunk: Uint8Array | null): Uint8Array | null => chunk?.slice() ?? null

const resultOf = (chunk: Uint8Array | null): Result =>
  chunk === null ? { done: true, value: undefined } : { done: false, value: chunk }

/** Copies in chunks of one size, except the last. If the source fails, an incomplete chunk is dropped. */
class Gathered {
  readonly #chunks: Chunks
  #memory: Uint8Array = new Uint8Array(0)
  #length = 0
  #rest: Uint8Array = new Uint8Array(0)
  #isOver = false

  constructor(chunks: Chunks) {
    this.#chunks = chunks
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    for (this.#gather(); !this.#isDone; this.#gather()) {
      const chunk = this.#chunks.next()
      if (chunk instanceof Promise) {
        return this.#later(chunk)
      }
      this.#take(chunk)
    }
    return this.#give()
  }

  async #later(first: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    this.#take(await first)
    for (this.#gather(); !this.#isDone; this.#gather()) {
      this.#take(await this.#chunks.next())
    }
    return this.#give()
  }

  get #isDone(): boolean {
    return this.#isOver || this.#length === frameSize
  }

  #take(chunk: Uint8Array | null): void {
    if (chunk === null) {
      this.#isOver = true
    } else {
      this.#rest = chunk
    }
  }

  /** As much of the last chunk as there is room for. */
  #gather(): void {
    const part = this.#rest.subarray(0, frameSize - this.#length)
    const needed = this.#length + part.length
    if (needed > this.#memory.length) {
      this.#memory = grown(this.#memory, this.#length, needed, { least: firstMemory, most: frameSize })
    }
    this.#memory.set(part, this.#length)
    this.#length = needed
    this.#rest = this.#rest.subarray(part.length)
  }

  #give(): Uint8Array | null {
    const given = this.#memory.subarray(0, this.#length)
    this.#memory = new Uint8Array(0)
    this.#length = 0
    return given.length === 0 ? null : given
  }
}
