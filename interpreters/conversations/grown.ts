import type fc from 'fast-check'
import type {
  AgainNode,
  AgreeNode,
  AtOnceNode,
  BlobNode,
  BranchNode,
  CarriedNode,
  EndsNode,
  GatedNode,
  Label,
  LoopNode,
  SaysNode,
  SequenceNode,
  UnlessNode,
} from '../../conversation/node.js'
import type { Plans } from '../compile/resumable.js'
import type { Wish } from './maker.js'

/**
 * A session as it was generated along its flow: the cases taken and the messages sent. It can be laid out as bytes,
 * changed in one place and generated again.
 */
export type Grown =
  | GrownWord
  | GrownParts
  | GrownWay
  | GrownSilent
  | GrownLoop
  | GrownBlob
  | GrownCarried
  | GrownUnless
  | GrownDeparture

/**
 * How a part was left: null at its end; by a loop that is repeated, a side that closed, or one that departed.
 */
export type Leave = null | string | { readonly _tag: 'closes' } | Departs

export interface Departs {
  readonly _tag: 'departs'
  /** What a side broke off; null if it is over. */
  readonly from: UnlessNode | null
}

export const closes: Leave = { _tag: 'closes' }

/** The message with a key; for a stream, its number of bytes. */
export interface Spoken {
  readonly of: GrownWord | GrownBlob | GrownCarried
  readonly value: unknown
}

interface Part {
  readonly leave: Leave
}

export interface GrownWord extends Part {
  readonly _tag: 'word'
  readonly node: SaysNode
  /** The source of the value, for shrinking. */
  readonly arbitrary: fc.Arbitrary<unknown>
  readonly made: fc.Value<unknown>
  /** Differs from the generated value if an agreement required another, or if it contains a piece. */
  value: unknown
  bytes: Uint8Array
  readonly plans: Plans
  /** The hints for an agreement. */
  readonly hints: ReadonlyArray<Wish>
  /** The branch that this message decides, and the wanted case. */
  readonly branch: BranchNode | null
  /** Whether the branch comes next. */
  readonly isNext: boolean
  readonly label: Label | undefined
  /** The greatest value allowed, if an earlier message limits it. */
  readonly most: number | null
  /** The number of its bytes after the piece in it; null if it has none. */
  readonly piece: { readonly size: number; readonly behind: number } | null
  /**
   * Whether something later depends on it, and whether as a number of turns or as the bound of another message.
   */
  readonly decides: boolean
  readonly counts: boolean
}

export interface GrownParts extends Part {
  readonly _tag: 'parts'
  readonly node: SequenceNode | AtOnceNode
  readonly parts: ReadonlyArray<Grown>
}

export interface GrownWay extends Part {
  readonly _tag: 'way'
  readonly node: BranchNode | GatedNode
  /** The name of the case; null for other ways. */
  readonly name: string | null
  readonly way: Grown
}

/** A part without messages. */
export interface GrownSilent extends Part {
  readonly _tag: 'silent'
  readonly node: AgreeNode | AgainNode | EndsNode
  /** For an agreement: its values, by key. */
  readonly from: ReadonlyMap<string, Spoken>
}

export interface GrownLoop extends Part {
  readonly _tag: 'loop'
  readonly node: LoopNode
  readonly rounds: ReadonlyArray<Grown>
  /** How the next turn would be read. */
  readonly plans: Plans
}

export interface GrownBlob extends Part {
  readonly _tag: 'blob'
  readonly node: BlobNode
  readonly bytes: Uint8Array
  readonly plans: Plans
  /** The source of the bytes, unless they are messages of a flow. */
  readonly made: { readonly arbitrary: fc.Arbitrary<Uint8Array>; readonly value: fc.Value<Uint8Array> } | null
  readonly inner: Grown | null
}

export interface GrownCarried extends Part {
  readonly _tag: 'carried'
  readonly node: CarriedNode
  readonly plans: Plans
  /** The number of bytes inside. */
  readonly size: number
  readonly inner: Grown
  /** The lengths of the pieces, repeated. */
  readonly cuts: ReadonlyArray<number>
  /** The flow that the pieces are in; null for frames. */
  readonly over: Grown | null
}

export interface GrownUnless extends Part {
  readonly _tag: 'unless'
  readonly node: UnlessNode
  readonly flow: Grown
  /** The message of a side after it is over. */
  readonly departs: Grown | null
  /** How that is read, or would be. */
  readonly plans: Plans
}

/** A side breaks off in place of a message. */
export interface GrownDeparture extends Part {
  readonly _tag: 'departure'
  readonly node: SaysNode
  readonly unless: UnlessNode
  readonly words: Grown
}

/** The parts of a part, in order. */
export const partsOfGrown = (grown: Grown): ReadonlyArray<Grown> => {
  switch (grown._tag) {
    case 'word':
    case 'silent':
      return []
    case 'blob':
      return grown.inner === null ? [] : [grown.inner]
    case 'parts':
      return grown.parts
    case 'way':
      return [grown.way]
    case 'loop':
      return grown.rounds
    case 'carried':
      return grown.over === null ? [grown.inner] : [grown.inner, grown.over]
    case 'unless':
      return grown.departs === null ? [grown.flow] : [grown.flow, grown.departs]
    case 'departure':
      return [grown.words]
  }
}
