import type { Either } from 'fp-ts/lib/Either.js'
import { kindName } from '../../bytes/byte-array.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import type { Place, Source } from './source.js'

/** The role of a part in the part around it. */
export type Role =
  /** A value, or a field of one. */
  | 'value'
  /** A field that is on the wire but not in the value. */
  | 'fixed'
  /** The number of items that follow. */
  | 'count'
  /** The tag that says which case follows. */
  | 'tag'
  /** The mark that says whether one more item follows. */
  | 'mark'
  /** The length of a frame, and its bytes. */
  | 'frame'
  | 'key'
  /** Content of frames after the value, which is ignored. */
  | 'dropped'

/**
 * A part of a message: the bytes `[start, end)`, which may consist of smaller parts. Inside frames the offsets are
 * those in the message, so they count the frame lengths, while `bytes` is the content without them.
 */
export interface Part {
  readonly start: number
  readonly end: number
  readonly path: FieldPath
  readonly role: Role
  /** The name of its grammar. */
  readonly grammar: string
  readonly bytes: Uint8Array
  /** True if it was read to its end; only then it has a value. */
  readonly complete: boolean
  /**
   * The value, as its grammar defines it. If the part has an issue whose extent is known, the value as it came: a
   * text (escaped if it is not UTF-8), an integer in place of a bool or of a case's name, the inner value that an
   * `imap` rejected, the bytes of broken frames.
   */
  readonly value: unknown
  /** The issues of the part itself, without those of its parts. */
  readonly issues: ReadonlyArray<Issue>
  /** True if neither the part nor any of its parts has an issue. */
  readonly sound: boolean
  readonly parts: ReadonlyArray<Part>
}

/** @throws TypeError for a value that `dissect` has not made. */
export const expectDissection = (of: string, value: unknown): void => {
  if (typeof value !== 'object' || value === null || !('tree' in value && 'issues' in value)) {
    throw new TypeError(`${of} takes what dissect gives, not ${kindName(value)}`)
  }
}

/** A message taken apart: its tree, and its value or its issues. */
export interface Dissection<A> {
  readonly bytes: Uint8Array
  /** The whole value; null if the grammar puts nothing on the wire. */
  readonly tree: Part | null
  /** What a codec's `decode` returns for the same bytes: the value, or the first issue. */
  readonly result: Either<Issue, A>
  /** All issues, in the order of reading. The last may be one after which the next field cannot be found. */
  readonly issues: ReadonlyArray<Issue>
  /** The number of issues beyond those listed. */
  readonly omitted: number
}

/** A part while it is being read. */
export class OpenPart implements Part {
  readonly path: FieldPath
  readonly role: Role
  readonly grammar: string
  /** The grammar of its issues, if an outer one gives the part its name. */
  readonly own: string
  readonly parts: Array<OpenPart> = []
  readonly issues: Array<Issue> = []
  complete = false
  sound = false
  value: unknown = undefined
  readonly #source: Source
  readonly #from: number
  #to: number

  constructor(source: Source, path: FieldPath, role: Role, grammar: string, own: string) {
    this.#source = source
    this.#from = source.pos
    this.#to = source.pos
    this.path = path
    this.role = role
    this.grammar = grammar
    this.own = own
  }

  get start(): number {
    return this.#source.offsetOf(this.#from)
  }

  get end(): number {
    return this.#to === this.#from ? this.start : this.#source.offsetOf(this.#to - 1) + 1
  }

  get bytes(): Uint8Array {
    return this.#source.view(this.#from, this.#to)
  }

  get place(): Place {
    return { path: this.path, grammar: this.own }
  }

  /** Ends the part after the last of its parts. */
  close(): void {
    const last = this.parts.at(-1)
    this.#to = last !== undefined && last.#source === this.#source ? last.#to : this.#source.pos
  }

  endAt(pos: number): void {
    this.#to = pos
  }

  /** The part is complete; `sound` says whether it has no issue. */
  accept(value: unknown, sound: boolean): void {
    this.complete = true
    this.sound = sound
    this.value = value
  }

  reject(): void {
    this.complete = false
    this.sound = false
    this.value = undefined
  }
}

/** The part at which the reading of another ended. */
export const brokenPart = (part: OpenPart): OpenPart => {
  let found = part
  for (;;) {
    const next = found.parts.findLast(({ complete }) => !complete)
    if (next === undefined) {
      return found
    }
    found = next
  }
}
