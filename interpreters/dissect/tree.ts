import type { Either } from 'fp-ts/lib/Either.js'
import { kindName } from '../../bytes/byte-array.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import type { Place, Source } from './source.js'

/** What a part of a message is to the part around it. */
export type Role =
  /** A value, or a field of one. */
  | 'value'
  /** A field that is on the wire and not in the value. */
  | 'fixed'
  /** How many items follow. */
  | 'count'
  /** Which case follows. */
  | 'tag'
  /** Whether one more item follows. */
  | 'mark'
  /** The length in front of a frame, and the frame's bytes. */
  | 'frame'
  | 'key'
  /** What frames hold behind the value, which is passed over. */
  | 'dropped'

/**
 * A part of a message: the bytes `[start, end)`, which may be made of smaller parts. Inside frames the offsets are
 * those in the message, frame headers counted, and `bytes` are the content without them.
 */
export interface Part {
  readonly start: number
  readonly end: number
  readonly path: FieldPath
  readonly role: Role
  /** The name of its grammar. */
  readonly grammar: string
  readonly bytes: Uint8Array
  /** Whether it was read to its end; only then has it a value. */
  readonly complete: boolean
  /**
   * As its grammar has it. Where an issue of it has a known extent, as it came: a text (escaped where it is not UTF-8),
   * an integer in the place of a bool or of a case's name, what an `imap` refused, the bytes of broken frames.
   */
  readonly value: unknown
  /** What is wrong with the part itself; that of its parts is theirs. */
  readonly issues: ReadonlyArray<Issue>
  /** Whether nothing is wrong with it or its parts. */
  readonly sound: boolean
  readonly parts: ReadonlyArray<Part>
}

/** @throws TypeError for what `dissect` has not given. */
export const expectDissection = (of: string, value: unknown): void => {
  if (typeof value !== 'object' || value === null || !('tree' in value && 'issues' in value)) {
    throw new TypeError(`${of} takes what dissect gives, not ${kindName(value)}`)
  }
}

/** What a message is made of, and what it means or what is wrong with it. */
export interface Dissection<A> {
  readonly bytes: Uint8Array
  /** The whole value; null where the grammar puts nothing on the wire. */
  readonly tree: Part | null
  /** What a codec's `decode` returns for the same bytes: of several issues the first. */
  readonly result: Either<Issue, A>
  /** What is wrong, in the order in which it is read; the last may be one that loses the place. */
  readonly issues: ReadonlyArray<Issue>
  /** How many issues there were besides. */
  readonly omitted: number
}

/** A part while it is being read. */
export class OpenPart implements Part {
  readonly path: FieldPath
  readonly role: Role
  readonly grammar: string
  /** The grammar that refuses, where one around it lends the part its name. */
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

  /** Ends the part behind the last of its parts. */
  close(): void {
    const last = this.parts.at(-1)
    this.#to = last !== undefined && last.#source === this.#source ? last.#to : this.#source.pos
  }

  endAt(pos: number): void {
    this.#to = pos
  }

  /** It is there to its end; `sound` says whether nothing is wrong with it. */
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
