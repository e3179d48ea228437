import { isLeft } from 'fp-ts/lib/Either.js'
import type { Grammar } from '../../combinators/node.js'
import { Input, type Plans } from '../../interpreters/compile/resumable.js'
import { Past } from './past.js'
import { Break, type Talk, type Wait } from './talk.js'

const nothing = new Uint8Array(0)

// What one large value needed is not kept for the small ones after it.
const keptWhenIdle = 2 ** 20

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
  readonly #input = new Input()
  readonly #past = new Past()
  /** The memory of one's own that what is left of chunks is copied to. */
  #own: Uint8Array = nothing
  /** From which offset on bytes are kept although they have been read; -1 where none are. */
  #mark = -1

  /** Where the next byte to be read lies in the stream. */
  get offset(): number {
    return this.#input.base + this.#input.pos
  }

  get unread(): number {
    return this.#input.end - this.#input.pos
  }

  push(chunk: Uint8Array): void {
    this.arrived += chunk.length
    const input = this.#input
    if (this.#first === input.end) {
      const { offset } = this
      this.#past.add(input.bytes.subarray(0, input.end))
      this.#open(chunk, 0, chunk.length, offset)
    } else {
      this.#append(chunk)
    }
  }

  end(): void {
    this.ended = true
  }

  /** Copies what is left, and lets go of the chunk that was pushed last. */
  settle(): void {
    if (this.#input.bytes !== this.#own) {
      this.#move(0)
    }
  }

  /** Passes over what has come and has not been read. */
  drop(): void {
    this.#mark = -1
    this.#input.pos = this.#input.end
    this.settle()
  }

  /** Keeps what lies behind an offset that has been kept so far, so that {@link rewind} can go back to it. */
  keepFrom(offset: number): void {
    this.#mark = offset
  }

  release(): void {
    this.#mark = -1
  }

  /** Keeps what is read from here on, until what it returns is called; what was kept already stays so. */
  hold(): () => void {
    const before = this.#mark
    this.#mark = before === -1 ? this.offset : before
    return () => {
      this.#mark = before
    }
  }

  /** Goes back to an offset; false where its bytes are no longer there. */
  rewind(offset: number): boolean {
    const pos = offset - this.#input.base
    const known = pos >= 0 && pos <= this.#input.end
    if (known) {
      this.#input.pos = pos
    }
    return known
  }

  /** Copies what is still there of `[start, end)`, and says where it begins. */
  excerpt(start: number, end: number): { readonly bytes: Uint8Array; readonly start: number } {
    const { bytes, base, end: last } = this.#input
    const past = this.#past.copy(start, Math.min(end, base))
    const from = Math.min(Math.max(start - base, 0), last)
    const here = bytes.subarray(from, Math.min(Math.max(end - base, from), last))
    const both = new Uint8Array(past.length + here.length)
    both.set(past)
    both.set(here, past.length)
    return { bytes: both, start: past.length === 0 ? base + from : Math.min(end, base) - past.length }
  }

  /** What has come and has not been read: a view, good until the talk waits. */
  get view(): Uint8Array {
    const { bytes, pos, end } = this.#input
    return bytes.subarray(pos, end)
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

  /** One value. */
  *read<A>(grammar: Grammar<A>, plans: Plans): Talk<A> {
    const reading = plans.read(grammar, this.#input, this.most)
    for (;;) {
      const result = reading.next()
      if (result !== null) {
        if (isLeft(result)) {
          throw new Break(this, result.left)
        }
        return result.right
      }
      if (this.ended) {
        throw new Break(this, reading.end())
      }
      yield this.more(reading.missing)
    }
  }

  /** The first position that must be kept. */
  get #first(): number {
    const { base, pos } = this.#input
    return this.#mark === -1 ? pos : Math.min(pos, Math.max(0, this.#mark - base))
  }

  #append(chunk: Uint8Array): void {
    const input = this.#input
    if (input.bytes !== this.#own || input.bytes.length - input.end < chunk.length) {
      this.#move(chunk.length)
    }
    input.bytes.set(chunk, input.end)
    input.end += chunk.length
  }

  /** Moves what is to be kept to the front of memory of one's own that has room for `more`. */
  #move(more: number): void {
    const input = this.#input
    const first = this.#first
    const count = input.end - first
    // What lies in one's own memory moves only when at least as much has been read before it.
    const fits = this.#own.length >= count + more && (input.bytes !== this.#own || count <= first)
    if (!fits) {
      this.#own = new Uint8Array(count + more === 0 ? 0 : Math.max(2 * count, count + more, 256))
    } else if (this.#own.length > keptWhenIdle && count + more < keptWhenIdle) {
      this.#own = new Uint8Array(count + more)
    }
    this.#past.add(input.bytes.subarray(0, first))
    this.#own.set(input.bytes.subarray(first, input.end))
    this.#open(this.#own, input.pos - first, count, input.base + first)
  }

  #open(bytes: Uint8Array, pos: number, end: number, base: number): void {
    const input = this.#input
    input.bytes = bytes
    input.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    input.pos = pos
    input.end = end
    input.base = base
  }
}
