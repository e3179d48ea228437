import type { ResolvedNode } from '../../combinators/node.js'
import type { Input } from './input.js'
import type { Settings } from './options.js'
import type { Output } from './output.js'
import type { Wire } from './wire.js'

export type Read = (input: Input) => unknown
export type Write = (output: Output, value: unknown) => void
export type Compare = (a: unknown, b: unknown) => number

/**
 * Continues from what was kept when the reader stopped. `value` is that of the part it stopped in, which is complete
 * now; if it stopped in no part, it is ignored.
 */
export type Resume = (input: Input, kept?: unknown, value?: unknown) => unknown

/**
 * A grammar under one protocol: its gates are decided, its parts are named, and it has all functions of a codec.
 */
export interface Plan {
  readonly name: string
  /** The fewest bytes it takes. */
  readonly min: number
  /** The primitive that it reads itself, before any of its parts. */
  readonly wire: Wire
  readonly read: Read
  readonly resume: Resume
  readonly write: Write
  /**
   * The order of two values that the canonical profile has read, in sets and maps: primitives by their own order,
   * structures field by field, collections item by item. The sets and maps in them are sorted already.
   */
  readonly compare: Compare
  /** The same order for two values that have been written, by their bytes; it may end anywhere in them. */
  readonly compareWritten: (x: Input, y: Input) => number
  /** Skips a value that has been written. */
  readonly skip: (input: Input) => void
  /** What comes next if it stops by itself without an end: an item of a list that reads to the end. */
  readonly next?: Plan
  /** Whether equal values are always identical, as for strings and numbers, but not for objects. */
  readonly primitive?: boolean
  /** Whether the order of values is that of their padded bytes. */
  readonly bytewise?: boolean
  /** Whether it needs the bytes of its value, from where it stopped. */
  readonly wantsBytes?: boolean
  /** Set if it is one word and needs no call: generated code reads it in place. */
  readonly word?: Word | undefined
}

export interface Word {
  readonly value: 'bigint' | 'number' | 'boolean'
  /**
   * The most that the low half may be if the high half is zero; null if the word may have any value, which no number
   * can represent.
   */
  readonly max: number | null
}

/** What each kind of node makes its plan with. */
export interface Builder {
  readonly settings: Settings
  /** The plan of a part that ends with the whole. */
  readonly plan: (node: ResolvedNode) => Plan
  /** The plan of a part that another may follow. */
  readonly inner: (node: ResolvedNode) => Plan
  /** The plan of the content of frames. */
  readonly framed: (node: ResolvedNode) => Plan
  /** Whether another part may follow the whole, so that it must not read to the end of the message. */
  readonly followed: boolean
}
