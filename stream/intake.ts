import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Window } from '../bytes/window.js'
import type { Issue, StreamFailure } from '../combinators/issue.js'
import * as words from '../combinators/words.js'
import type { Chunks } from './chunks.js'
import { IssueError, messageOf } from './issue-error.js'

/** Where a reading stands: what an issue says besides its offset. */
export type Place = Pick<Issue, 'path' | 'grammar'>

const nowhere: Place = { path: [], grammar: 'stream' }

// Large chunks are taken in parts of this size, so that the decoded bytes stay in the processor's cache, and the buffer
// small.
const mostAtOnce = 65536

/** Moves the requested number of bytes from a source into a window, and remembers how the source ended. */
export class Intake {
  readonly #chunks: Chunks
  readonly #arrived: Window
  readonly #signal: AbortSignal | undefined
  /** The rest of the last chunk. */
  #chunk: Uint8Array = new Uint8Array(0)
  #ended = false
  #failure: Pick<StreamFailure, '_tag' | 'cause'> | Issue | null = null
  #waiting = false

  constructor(chunks: Chunks, arrived: Window, signal: AbortSignal | undefined) {
    this.#chunks = chunks
    this.#arrived = arrived
    this.#signal = signal
  }

  /** @throws Error if another read waits: both would take the same bytes. */
  expectIdle(): void {
    if (this.#waiting) {
      throw new Error('a read was started while another read is pending')
    }
  }

  /** Adds bytes until there are `missing` more, and returns how many were added; fewer only at the end. */
  async more(missing: number, place: () => Place = () => nowhere): Promise<Either<Issue, number>> {
    this.expectIdle()
    this.#waiting = true
    try {
      let added = 0
      while (added < missing && (await this.#refill())) {
        const part = this.#takeOff(Math.max(missing - added, mostAtOnce))
        this.#arrived.append(part)
        added += part.length
      }
      return right(added)
    } catch (error) {
      return left(this.#fail(error, place()))
    } finally {
      this.#waiting = false
    }
  }

  /** The rest of a chunk, or the next one, past the window, which must be empty; null at the end. */
  async direct(most: number): Promise<Either<Issue, Uint8Array | null>> {
    this.expectIdle()
    this.#waiting = true
    try {
      if (!(await this.#refill())) {
        return right(null)
      }
      const part = this.#takeOff(most)
      this.#arrived.pass(part.length)
      return right(part)
    } catch (error) {
      return left(this.#fail(error, nowhere))
    } finally {
      this.#waiting = false
    }
  }

  cancel(reason: unknown): void {
    this.#failure ??= { _tag: 'Aborted', cause: reason }
    this.#chunks.cancel(reason)
  }

  /** Whether there is a chunk to take from; it may have to be awaited. */
  async #refill(): Promise<boolean> {
    while (this.#chunk.length === 0 && !this.#ended) {
      this.#expectGoing()
      const next = this.#chunks.next()
      const chunk = next instanceof Promise ? await this.#unlessAborted(next) : next
      this.#ended = chunk === null
      this.#chunk = chunk ?? this.#chunk
    }
    return this.#chunk.length > 0
  }

  #takeOff(most: number): Uint8Array {
    const part = this.#chunk.subarray(0, most)
    this.#chunk = this.#chunk.subarray(part.length)
    return part
  }

  #expectGoing(): void {
    if (this.#failure !== null) {
      throw failed
    }
    if (this.#signal?.aborted === true) {
      this.cancel(this.#signal.reason)
      throw failed
    }
  }

  async #unlessAborted<T>(pending: Promise<T>): Promise<T> {
    const signal = this.#signal
    if (signal === undefined) {
      return pending
    }
    let abort: () => void = () => undefined
    const aborted = new Promise<never>((_, reject) => {
      abort = () => {
        this.cancel(signal.reason)
        reject(failed)
      }
      signal.addEventListener('abort', abort)
    })
    try {
      return await Promise.race([pending, aborted])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  #fail(error: unknown, place: Place): Issue {
    if (error !== failed) {
      this.#failure = error instanceof IssueError ? error.issue : { _tag: 'SourceFailed', cause: error }
    }
    const failure = this.#failure ?? { _tag: 'SourceFailed', cause: error }
    if ('offset' in failure) {
      return failure
    }
    const actual =
      failure._tag === 'Aborted' ? `an abort: ${messageOf(failure.cause)}` : messageOf(failure.cause)
    const offset = this.#arrived.offset + this.#arrived.unread
    return { ...failure, offset, ...place, expected: words.anyMoreBytes, actual }
  }
}

/** Thrown inside when the issue is known already. */
const failed = new Error('the source has failed')
