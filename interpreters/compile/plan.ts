import type { Either } from 'fp-ts/lib/Either.js'
import type { IntNode } from '../../combinators/node.js'
import type { Input } from './input.js'
import type { Output } from './output.js'
import type { Wire } from './wire.js'

export type Read = (input: Input) => unknown
export type Write = (output: Output, value: unknown) => void

/** A grammar under one protocol: gates decided, names given, and for each part its fast reader and writer. */
export type Plan =
  | LeafPlan
  | StructPlan
  | ListPlan
  | MapPlan
  | ChoicePlan
  | PurePlan
  | LazyPlan
  | ImapPlan
  | UntilPlan
  | FramedPlan

interface Base {
  readonly name: string
  /** The fewest bytes it takes. */
  readonly min: number
  /** The fast reader and writer; set once the plan's parts have theirs. */
  read: Read
  write: Write
}

/** A primitive: read and written in one go. */
export interface LeafPlan extends Base {
  readonly _tag: 'leaf'
  readonly leaf: Leaf
}

/** A leaf that is one word and needs no call: generated code reads it in place. */
export interface Word {
  readonly value: 'bigint' | 'number' | 'boolean'
  /**
   * The most that the low half may be where the high half is zero; null where the word may be anything, which no
   * number can hold.
   */
  readonly max: number | null
}

export interface Leaf {
  readonly wire: Wire
  readonly min: number
  readonly read: Read
  readonly write: Write
  readonly compare: (a: unknown, b: unknown) => number
  /** Whether two equal values are always identical, as strings and numbers are and objects are not. */
  readonly primitive: boolean
  /** Whether the order of values is that of the padded bytes they are written as. */
  readonly bytewise?: boolean
  readonly word?: Word
}

export interface StructPlan extends Base {
  readonly _tag: 'struct'
  readonly shape: 'record' | 'tuple'
  /** A property that is in every value and not on the wire: the name of a union's case. */
  readonly constant: { readonly key: string; readonly value: string } | null
  readonly fields: ReadonlyArray<FieldPlan>
  /** Makes the struct of one value for each field, the fixed ones too. */
  readonly build: (values: ReadonlyArray<unknown>) => unknown
}

export interface FieldPlan {
  readonly key: string | number
  readonly plan: Plan
  readonly fixed: FixedPlan | null
}

export interface FixedPlan {
  readonly value: unknown
  /** Whether another value on the wire is passed over. */
  readonly ignored: boolean
}

interface CountedPlan extends Base {
  readonly count: Count
  /** Whether the wire must be in ascending order, with nothing twice. */
  readonly ordered: boolean
  readonly item: Plan
}

export interface Count {
  readonly node: IntNode
  readonly limit: number
  /** The fewest bytes that one more item takes. */
  readonly each: number
}

export interface ListPlan extends CountedPlan {
  readonly _tag: 'list'
  readonly kind: 'list' | 'set'
}

export interface MapPlan extends CountedPlan {
  readonly _tag: 'map'
  readonly key: Plan
  readonly duplicates: 'first' | 'last'
}

export interface ChoicePlan extends Base {
  readonly _tag: 'choice'
  readonly tag: LeafPlan
  readonly shape: 'enum' | 'option' | 'tagged'
  /** The property that holds the case's name, where the shape is `tagged`. */
  readonly key: string
  readonly open: boolean
  readonly byTag: ReadonlyMap<unknown, CasePlan>
  readonly byName: ReadonlyMap<unknown, CasePlan>
}

export interface CasePlan {
  readonly name: string
  /** As the tag's values are: a number, a bigint or a string. */
  readonly tag: number | bigint | string
  /** What an option's first case is: none. */
  readonly absent: boolean
  readonly body: Plan | null
}

export interface PurePlan extends Base {
  readonly _tag: 'pure'
  readonly value: unknown
}

export interface LazyPlan extends Base {
  readonly _tag: 'lazy'
  readonly limit: number
  readonly target: () => Plan
}

export interface ImapPlan extends Base {
  readonly _tag: 'imap'
  readonly inner: Plan
  readonly from: (inner: unknown) => Either<string, unknown>
  readonly to: (outer: unknown) => Either<string, unknown>
  /** Whether a value must be written as it was read. */
  readonly exact: boolean
}

export interface UntilPlan extends Base {
  readonly _tag: 'until'
  readonly mark: LeafPlan
  readonly next: unknown
  readonly end: unknown
  readonly item: Plan
  readonly limit: number
}

export interface FramedPlan extends Base {
  readonly _tag: 'framed'
  readonly inner: Plan
  /** The most bytes of one frame, and of all of them. */
  readonly limit: number
  readonly contentLimit: number
  /** Whether nothing may follow the value in the frames, and these must be cut as the encoder cuts them. */
  readonly exact: boolean
}
