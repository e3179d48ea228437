import type { ResolvedNode } from '../../combinators/node.js'
import type { Input } from './input.js'
import type { Settings } from './options.js'
import type { Output } from './output.js'
import type { Wire } from './wire.js'

export type Read = (input: Input) => unknown
export type Write = (output: Output, value: unknown) => void
export type Compare = (a: unknown, b: unknown) => number

/**
 * Goes on from what was kept where the reader stopped. `value` is that of the part it stopped in, which is there now;
 * where it stopped in none, it is not looked at.
 */
export type Resume = (input: Input, kept?: unknown, value?: unknown) => unknown

/** A grammar under one protocol: its gates are decided, its parts have names, and all is there that a codec does to it. */
export interface Plan {
  readonly name: string
  /** The fewest bytes it takes. */
  readonly min: number
  /** What the primitive is that it reads by itself, before any of its parts. */
  readonly wire: Wire
  readonly read: Read
  readonly resume: Resume
  readonly write: Write
  /**
   * The order of two values that the canonical profile has read, as sets and maps have it: primitives by their own
   * order, structures field by field, collections item by item. The sets and maps in them are in order already.
   */
  readonly compare: Compare
  /** The same order of two values that have been written, from their bytes; it may end anywhere in them. */
  readonly compareWritten: (x: Input, y: Input) => number
  /** Goes past a value that has been written. */
  readonly skip: (input: Input) => void
  /** What comes where it stops by itself and does not end: an item of a list that goes to the end. */
  readonly next?: Plan
  /** Whether two equal values are always identical, as strings and numbers are and objects are not. */
  readonly primitive?: boolean
  /** Whether the order of values is that of the padded bytes they are written as. */
  readonly bytewise?: boolean
  /** Whether it wants the bytes of its value, from where it stopped on. */
  readonly wantsBytes?: boolean
  /** Where it is one word and needs no call: generated code reads it in place. */
  readonly word?: Word | undefined
}

export interface Word {
  readonly value: 'bigint' | 'number' | 'boolean'
  /**
   * The most that the low half may be where the high half is zero; null where the word may be anything, which no
   * number can hold.
   */
  readonly max: number | null
}

/** What the room of a kind of node makes a plan with. */
export interface Builder {
  readonly settings: Settings
  /** The plan of a part that ends where the whole does. */
  readonly plan: (node: ResolvedNode) => Plan
  /** The plan of a part that something may follow. */
  readonly inner: (node: ResolvedNode) => Plan
  /** The plan of what frames hold. */
  readonly framed: (node: ResolvedNode) => Plan
  /** Whether something may follow the whole, so that it must not go to the end of the message. */
  readonly followed: boolean
}
