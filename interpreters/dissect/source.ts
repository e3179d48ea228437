import type { Issue, LimitName, Path, PlainIssue } from '../../combinators/issue.js'
import { messageOfBytes } from '../../combinators/limits.js'
import { clip } from '../../combinators/show.js'

/** Ends a reading; caught where the reading began. */
export class Refusal extends Error {
  readonly issue: Issue

  constructor(issue: Issue) {
    super(issue._tag)
    this.issue = { ...issue, expected: clip(issue.expected), actual: clip(issue.actual) }
  }
}

/** Where a refusal is: the path, and the grammar that refuses. */
export interface Place {
  readonly path: Path
  readonly grammar: string
}

/** Bytes to read, and where in the message they lie: all of a message, or what its frames hold. */
export class Source {
  pos = 0
  readonly bytes: Uint8Array
  readonly framed: boolean
  readonly #offsetOf: (pos: number) => number
  /** How many bytes a value may take; the content of frames was counted outside. */
  readonly #most: number

  constructor(
    bytes: Uint8Array,
    framed: boolean,
    offsetOf: (pos: number) => number,
    most: number = Number.POSITIVE_INFINITY,
  ) {
    this.bytes = bytes
    this.framed = framed
    this.#most = most
    this.#offsetOf = offsetOf
  }

  get left(): number {
    return this.bytes.length - this.pos
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
    const [expected, actual] = [`${needed} bytes`, `${this.left} bytes`]
    if (this.framed) {
      this.refuse('FramesEnd', this.pos, place, `${expected} before the end frame`, actual)
    }
    const offset = this.offsetOf(this.pos)
    const missing = needed - this.left
    throw new Refusal({ _tag: 'UnexpectedEnd', offset, ...place, expected, actual, missing })
  }

  /** The integer at `pos`, which stays where it is. */
  integer(place: Place): bigint {
    this.need(8, place)
    let value = 0n
    for (let i = 7; i >= 0; i--) {
      value = value * 256n + BigInt(this.bytes[this.pos + i]!)
    }
    return value
  }

  refuse(_tag: PlainIssue['_tag'], pos: number, place: Place, expected: string, actual: string): never {
    throw new Refusal({ _tag, offset: this.offsetOf(pos), ...place, expected, actual })
  }

  refuseText(
    _tag: 'InvalidText' | 'NotUtf8',
    pos: number,
    place: Place,
    what: { readonly position: number; readonly expected: string; readonly actual: string },
  ): never {
    const { position, expected, actual } = what
    throw new Refusal({ _tag, offset: this.offsetOf(pos), ...place, expected, actual, position })
  }

  refuseLimit(limit: LimitName, maximum: number, pos: number, place: Place, actual: string): never {
    const offset = this.offsetOf(pos)
    const expected = `at most ${maximum} (the ${limit} limit)`
    throw new Refusal({ _tag: 'LimitExceeded', offset, ...place, expected, actual, limit, maximum })
  }
}
