import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { joined } from '../../bytes/joined.js'
import { Past } from '../../bytes/past.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { bounds } from '../../combinators/size.js'
import { Input, type Plans } from '../../interpreters/compile/resumable.js'
import { Break, type Talk, type Wait } from './talk.js'

// Enough for most messages, and little beside all else that a connection takes.
const remembered = 4096

// Most of what chunks cut is a short text.
const reserved = 256

const known = new WeakMap<AnyGrammar, boolean>()

/** Whether each value of a grammar has at least one byte. */
const takesBytes = (grammar: AnyGrammar): boolean => {
  let takes = known.get(grammar)
  if (takes === undefined) {
    takes = bounds(grammar.node).min > 0
    known.set(grammar, takes)
  }
  return takes
}

/** In the place of a value that must be waited for. */
export const notYet: unique symbol = Symbol('not yet')

/**
 * Bytes that are pushed in and read by a {@link Talk}. A chunk is read where it lies; {@link settle} copies what is
 * left of it, so that no more is held than the primitive it was cut in.
 */
export class Feed {
  ended = false
  /** How many bytes one value may take; undefined where the plans say it. */
  most: number | undefined
  /** How many bytes have been pushed. */
  arrived = 0
  readonly #input = new Input(reserved)
  readonly #past = new Past(remembered)

  /** Where the next byte to be read lies in the stream. */
  get offset(): number {
    return this.#input.offset
  }

  get unread(): number {
    return this.#input.unread
  }

  push(chunk: Uint8Array): void {
    this.arrived += chunk.length
    this.#remember()
    this.#input.push(chunk)
  }

  end(): void {
    this.ended = true
  }

  /** Copies what is left, and lets go of the chunk that was pushed last. */
  settle(): void {
    this.#remember()
    this.#input.settle()
  }

  /** Passes over what has come and has not been read. */
  drop(): void {
    this.#input.release()
    this.skip(this.unread)
    this.settle()
  }

  /** Keeps what lies behind an offset that has been kept so far, so that {@link rewind} can go back to it. */
  keepFrom(offset: number): void {
    this.#input.keepFrom(offset)
  }

  release(): void {
    this.#input.release()
  }

  /** Keeps what is read from here on, until what it returns is called; what was kept already stays so. */
  hold(): () => void {
    return this.#input.hold()
  }

  /** Goes back to an offset; false where its bytes are no longer there. */
  rewind(offset: number): boolean {
    return this.#input.rewind(offset)
  }

  /** Copies what is still there of `[start, end)`, and says where it begins. */
  excerpt(start: number, end: number): { readonly bytes: Uint8Array; readonly start: number } {
    const { base } = this.#input
    const past = this.#past.copy(start, Math.min(end, base))
    const here = this.#input.between(start, end)
    const first = Math.min(Math.max(start, base), this.arrived)
    return {
      bytes: joined([past, here]),
      start: past.length === 0 ? first : Math.min(end, base) - past.length,
    }
  }

  /** What has come and has not been read: a view, good until the talk waits. */
  get view(): Uint8Array {
    return this.#input.rest
  }

  skip(count: number): void {
    this.#input.pos += count
  }

  /** Waits until so many bytes more have come. */
  more(count: number): ReadonlyArray<Wait> {
    return [{ feed: this, target: this.arrived + count }]
  }

  /** Whether there is at least one byte more. */
  *any(): Talk<boolean> {
    while (this.unread === 0 && !this.ended) {
      yield this.more(1)
    }
    return this.unread > 0
  }

  /** What comes next, at most so much of it: a view, empty at the end only. */
  *some(most: number): Talk<Uint8Array> {
    yield* this.any()
    const bytes = this.view.subarray(0, most)
    this.skip(bytes.length)
    return bytes
  }

  /** One value, if all of it has come and nothing is wrong with it; else the feed stands where it stood. */
  now(grammar: AnyGrammar, plans: Plans): unknown | typeof notYet {
    const { offset } = this
    const result =
      this.unread === 0 ? null : plans.read(grammar as Grammar<unknown>, this.#input, this.most).next()
    if (result !== null && isRight(result)) {
      return result.right
    }
    this.rewind(offset)
    return notYet
  }

  /** One value. */
  *read<A>(grammar: Grammar<A>, plans: Plans): Talk<A> {
    // To find that there is nothing costs more than to know it.
    if (this.unread === 0 && takesBytes(grammar)) {
      yield* this.any()
    }
    const reading = plans.read(grammar, this.#input, this.most)
    for (;;) {
      const result = reading.next() ?? (this.ended ? reading.end() : null)
      if (result !== null) {
        if (isLeft(result)) {
          throw new Break(this, result.left)
        }
        return result.right
      }
      yield this.more(reading.missing)
    }
  }

  /** Copies what may be let go of from here on. */
  #remember(): void {
    const { keptFrom } = this.#input
    if (this.#past.end < keptFrom) {
      this.#past.add(this.#input.between(this.#past.end, keptFrom))
    }
  }
}
