import { kindName } from '../../bytes/byte-array.js'
import { type Halt, isHalted, untilHalted } from '../machine/scope.js'
import { Bell, type Talk } from '../machine/talk.js'

type Chunks = Iterator<unknown> | AsyncIterator<unknown>

interface Coming {
  isThere: boolean
  result?: IteratorResult<unknown>
  error?: unknown
}

const nothing = new Uint8Array(0)

/** Bytes that a side provides, in pieces of any size. */
export class Outgoing {
  readonly #chunks: Chunks
  readonly #ring: (bell: Bell) => void
  readonly #waits: () => void
  readonly #bell = new Bell()
  #rest: Uint8Array = nothing
  #isOver = false
  /** The pending, received or failed result of the source. */
  #coming: Coming | null = null

  /**
   * `ring` wakes those who wait for it; `waits` is called if it has to be awaited.
   *
   * @throws TypeError for anything but a source of bytes.
   */
  constructor(source: unknown, ring: (bell: Bell) => void, waits: () => void) {
    this.#chunks = chunksIn(source)
    this.#ring = ring
    this.#waits = waits
  }

  /**
   * At most that many bytes; null at the end, and if they are no longer wanted. Throws the errors of the source.
   */
  *next(most: number, halt: Halt | null): Talk<Uint8Array | null> {
    while (this.#rest.length === 0) {
      if (this.#isOver || isHalted(halt)) {
        this.cancel()
        return null
      }
      this.#coming ??= this.#ask()
      const coming = this.#coming
      while (!coming.isThere && !isHalted(halt)) {
        yield [...this.#bell.next(), ...untilHalted(halt)]
      }
      if (coming.isThere) {
        this.#take(coming)
      }
    }
    const piece = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(piece.length)
    return piece
  }

  /** The bytes are no longer wanted. */
  cancel(): void {
    if (!this.#isOver) {
      this.#isOver = true
      this.#rest = nothing
      try {
        const done: unknown = this.#chunks.return?.()
        if (done instanceof Promise) {
          done.catch(() => undefined)
        }
      } catch {
        // Errors are ignored: the source is no longer needed.
      }
    }
  }

  #take({ result, error }: Coming): void {
    this.#coming = null
    if (result === undefined) {
      this.#isOver = true
      throw error
    }
    if (result.done === true) {
      this.#isOver = true
      return
    }
    if (!(result.value instanceof Uint8Array)) {
      this.cancel()
      throw new TypeError(`a chunk of a stream must be bytes, not ${kindName(result.value)}`)
    }
    this.#rest = result.value
  }

  #ask(): Coming {
    const next = this.#chunks.next()
    if (!(next instanceof Promise)) {
      return { result: next as IteratorResult<unknown>, isThere: true }
    }
    this.#waits()
    const coming: Coming = { isThere: false }
    const arrive = (what: Partial<Coming>) => {
      Object.assign(coming, what, { isThere: true })
      this.#ring(this.#bell)
    }
    next.then(
      (result) => arrive({ result }),
      (error: unknown) => arrive({ error }),
    )
    return coming
  }
}

const chunksIn = (source: unknown): Chunks => {
  if (typeof source === 'object' && source !== null && !(source instanceof Uint8Array)) {
    if (Symbol.asyncIterator in source) {
      return (source as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    }
    if (Symbol.iterator in source) {
      return (source as Iterable<unknown>)[Symbol.iterator]()
    }
  }
  throw new TypeError(`a stream must be an iterable of chunks, not ${kindName(source)}`)
}
