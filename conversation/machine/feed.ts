import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { joined } from '../../bytes/joined.js'
import { numberAt } from '../../bytes/number-at.js'
import { Past } from '../../bytes/past.js'
import type { FieldPath } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { bounds } from '../../combinators/size.js'
import { Input, type Plans } from '../../interpreters/compile/resumable.js'
import { Break, type Talk, type Wait } from './talk.js'

// Enough for most messages, and little compared with the rest of a connection.
const remembered = 4096

// Most primitives that are cut by chunks are short texts.
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

/** A value that has come in part: the first primitive of it that is not whole. */
export interface Incomplete {
  /** The path to the primitive in the value. */
  readonly path: FieldPath
  /** The offset of its first byte. */
  readonly offset: number
  /** How many of its bytes have come, with its length and padding. */
  readonly have: number
  /** How many it has, at least. */
  readonly needs: number
  /** The length that stands before its content; null if it has none, or if that has not come. */
  readonly length: bigint | null
}

/** In place of a value that has to be awaited. */
export const notYet: unique symbol = Symbol('not yet')

/**
 * Bytes that are pushed in and read by a {@link Talk}. A chunk is read in place; {@link settle} copies the rest of it,
 * so that no more is kept than the primitive that it cuts.
 */
export class Feed {
  ended = false
  /** The limit of bytes of one value; undefined if that of the plans holds. */
  most: number | undefined
  /** The number of bytes pushed. */
  arrived = 0
  readonly #input = new Input(reserved)
  readonly #past = new Past(remembered)

  /** The offset of the next byte in the stream. */
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

  /** Copies the rest, and releases the last chunk. */
  settle(): void {
    this.#remember()
    this.#input.settle()
  }

  /** Skips the unread bytes. */
  drop(): void {
    this.#input.release()
    this.skip(this.unread)
    this.settle()
  }

  /** Keeps the bytes after an offset that was kept so far, so that {@link rewind} can go back to it. */
  keepFrom(offset: number): void {
    this.#input.keepFrom(offset)
  }

  release(): void {
    this.#input.release()
  }

  /** Keeps all bytes read from here on, until the returned function is called; bytes kept before stay so. */
  hold(): () => void {
    return this.#input.hold()
  }

  /** Goes back to an offset; false if its bytes are no longer there. */
  rewind(offset: number): boolean {
    return this.#input.rewind(offset)
  }

  /** Copies the kept part of `[start, end)`, and returns where it begins. */
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

  /** The unread bytes: a view, valid until the talk waits. */
  get view(): Uint8Array {
    return this.#input.rest
  }

  skip(count: number): void {
    this.#input.pos += count
  }

  /** Waits until that many more bytes have come. */
  more(count: number): ReadonlyArray<Wait> {
    return [{ feed: this, target: this.arrived + count }]
  }

  /** Whether there is at least one more byte. */
  *any(): Talk<boolean> {
    while (this.unread === 0 && !this.ended) {
      yield this.more(1)
    }
    return this.unread > 0
  }

  /** The next bytes, at most that many: a view, empty only at the end. */
  *some(most: number): Talk<Uint8Array> {
    yield* this.any()
    const bytes = this.view.subarray(0, most)
    this.skip(bytes.length)
    return bytes
  }

  /** One value, if it has arrived completely and is valid; otherwise the feed does not move. */
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

  /** Reads one value. */
  *read<A>(grammar: Grammar<A>, plans: Plans): Talk<A> {
    // Checking for an empty feed is cheaper than trying to read.
    if (this.unread === 0 && takesBytes(grammar)) {
      yield* this.any()
    }
    const start = this.offset
    const reading = plans.read(grammar, this.#input, this.most)
    for (;;) {
      const result = reading.next() ?? (this.ended ? reading.end() : null)
      if (result !== null) {
        if (isLeft(result)) {
          throw new Break(this, result.left)
        }
        return result.right
      }
      yield [{ feed: this, target: this.arrived + reading.missing, value: { reading, start } }]
    }
  }

  /** What is not whole of the value that is waited for; null if none of one has come. */
  incomplete(waits: ReadonlyArray<Wait>): Incomplete | null {
    const wait = waits.find(({ feed, value }) => feed === this && value !== undefined)
    if (wait?.value === undefined || this.arrived === wait.value.start) {
      return null
    }
    const { wanted, place } = wait.value.reading
    const { wire, offset } = wanted
    const hasLength = wire === 'text' || wire === 'bytes'
    return {
      path: place.path,
      offset,
      have: this.arrived - offset,
      needs: wait.target - offset,
      length: hasLength ? numberAt(this.excerpt(offset, offset + 8).bytes) : null,
    }
  }

  /** Copies the bytes that may be released from here on. */
  #remember(): void {
    const { keptFrom } = this.#input
    if (this.#past.end < keptFrom) {
      this.#past.add(this.#input.between(this.#past.end, keptFrom))
    }
  }
}
