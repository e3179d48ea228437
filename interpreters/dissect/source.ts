import { Window } from '../../bytes/window.js'
import type { FieldPath, Issue, LimitName, PlainIssue } from '../../combinators/issue.js'
import { messageOfBytes } from '../../combinators/limits.js'
import { clip } from '../../combinators/show.js'
import type { TextIssue } from '../../combinators/text-format.js'
import * as words from '../../combinators/words.js'

/**
 * Ends a reading: the place is lost. Caught where the reading, or that of the frames around, began. It is no `Error`: the
 * stack of one costs more than the reading, and each piece of a message may end in one.
 */
export class Refusal {
  readonly issue: Issue

  constructor(issue: Issue) {
    this.issue = issue
  }
}

/** Where an issue is: the path, and the grammar that refuses. */
export interface Place {
  readonly path: FieldPath
  readonly grammar: string
}

/** Bytes to read, and where in the message they lie: all of a message, what its frames hold, or what has come of it. */
export class Source {
  pos = 0
  readonly framed: boolean
  #bytes: Uint8Array
  /** The position of the first of the bytes. */
  #first = 0
  #open: boolean
  /** The position from which on bytes are held, and those that are no longer among the others. */
  #holdFrom: number | null = null
  #held: Window | null = null
  readonly #offsetOf: (pos: number) => number
  /** How many bytes a value may take; the content of frames was counted outside. */
  readonly #most: number

  constructor(
    bytes: Uint8Array,
    framed: boolean,
    offsetOf: (pos: number) => number,
    most: number = Number.POSITIVE_INFINITY,
    open = false,
  ) {
    this.#bytes = bytes
    this.framed = framed
    this.#most = most
    this.#open = open
    this.#offsetOf = offsetOf
  }

  /** The position behind the last byte. */
  get end(): number {
    return this.#first + this.#bytes.length
  }

  get left(): number {
    return this.end - this.pos
  }

  /** Whether more bytes may come. */
  get open(): boolean {
    return this.#open
  }

  /** How many of so many bytes are still to come; none where they never will. */
  awaited(needed: number): number {
    return this.#open && this.pos + needed <= this.#most ? Math.max(0, needed - this.left) : 0
  }

  /** Puts in the place of all bytes those from `pos` on. What is held was copied before. */
  refill(bytes: Uint8Array, open: boolean): void {
    if (this.#holdFrom !== null) {
      this.#held ??= windowAt(this.#holdFrom)
      this.#held.append(this.view(endOf(this.#held), this.pos))
    }
    this.#bytes = bytes
    this.#first = this.pos
    this.#open = open
  }

  /** The bytes from one position to another: a view. */
  view(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from - this.#first, to - this.#first)
  }

  /** Holds what is read from here on. What it returns copies that and lets go of it; the one that was first made is called last. */
  hold(): () => Uint8Array {
    const from = this.pos
    const isOutermost = this.#holdFrom === null
    this.#holdFrom ??= from
    return () => {
      const held = this.#held
      const own = held === null ? 0 : Math.max(0, endOf(held) - from)
      const bytes = new Uint8Array(this.pos - from)
      bytes.set(held?.between(from) ?? nothing)
      bytes.set(this.view(from + own, this.pos), own)
      if (isOutermost) {
        this.#holdFrom = null
        this.#held = null
      }
      return bytes
    }
  }

  /** Where a byte lies in the message. */
  offsetOf(pos: number): number {
    return this.#offsetOf(pos)
  }

  /** Refuses at `pos` unless `needed` bytes are there. */
  need(needed: number, place: Place): void {
    if (this.pos + needed > this.#most) {
      this.refuseLimit('message', this.#most, this.pos, place, messageOfBytes(this.pos + needed))
    }
    if (this.left >= needed) {
      return
    }
    const [expected, actual] = [words.bytesCount(needed), words.bytesCount(this.left)]
    if (this.framed) {
      this.refuse('FramesEnd', this.pos, place, words.beforeEndFrame(expected), actual)
    }
    const offset = this.offsetOf(this.pos)
    const missing = needed - this.left
    throw new Refusal({ _tag: 'UnexpectedEnd', offset, ...place, expected, actual, missing })
  }

  /** All that is left, at most so many bytes: a view. Refuses while more may come. */
  rest(limit: number, place: Place): Uint8Array {
    const { pos } = this
    if (Math.min(this.end, this.#most) - pos > limit) {
      this.refuseLimit('string', limit, pos, place, words.moreThan(limit))
    }
    if (this.end > this.#most) {
      this.refuseLimit('message', this.#most, pos, place, messageOfBytes(this.#most + 1))
    }
    if (this.#open) {
      const [expected, actual] = [words.endOfMessage, words.anyMoreBytes]
      throw new Refusal({
        _tag: 'UnexpectedEnd',
        offset: this.offsetOf(pos),
        ...place,
        expected,
        actual,
        missing: 1,
      })
    }
    this.pos = this.end
    return this.view(pos, this.end)
  }

  /** The integer at `pos`, which stays where it is. */
  integer(place: Place): bigint {
    this.need(8, place)
    const at = this.view(this.pos, this.pos + 8)
    return new DataView(at.buffer, at.byteOffset, 8).getBigUint64(0, true)
  }

  /** An issue at a position. */
  issue(_tag: PlainIssue['_tag'], pos: number, place: Place, expected: string, actual: string): Issue {
    return { _tag, offset: this.offsetOf(pos), ...place, expected: clip(expected), actual: clip(actual) }
  }

  textIssue(_tag: 'InvalidText' | 'NotUtf8', pos: number, place: Place, what: TextIssue): Issue {
    const { position, expected, actual } = what
    return { ...this.issue('InvalidValue', pos, place, expected, actual), _tag, position }
  }

  refuse(_tag: PlainIssue['_tag'], pos: number, place: Place, expected: string, actual: string): never {
    throw new Refusal(this.issue(_tag, pos, place, expected, actual))
  }

  refuseLimit(limit: LimitName, maximum: number, pos: number, place: Place, actual: string): never {
    const offset = this.offsetOf(pos)
    const expected = words.atMost(maximum, limit)
    throw new Refusal({ _tag: 'LimitExceeded', offset, ...place, expected, actual, limit, maximum })
  }
}

const nothing = new Uint8Array(0)

const windowAt = (offset: number): Window => {
  const window = new Window()
  window.lend(nothing, 0, offset)
  return window
}

const endOf = ({ base, end }: Window): number => base + end
