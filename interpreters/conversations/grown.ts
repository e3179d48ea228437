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
 * A session as it grew along its flow: which way was gone, what was said. It can be laid out as bytes, changed in one place
 * and grown again.
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

/** How a part was left: null at its end; a loop that is begun again; a side that closed; one that departed. */
export type Leave = null | string | { readonly _tag: 'closes' } | Departs

export interface Departs {
  readonly _tag: 'departs'
  /** What it was that a side broke off; null: that is over. */
  readonly from: UnlessNode | null
}

export const closes: Leave = { _tag: 'closes' }

/** What was said under a key; of bytes that flowed how many. */
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
  /** Where the value came from, so that it can be made smaller. */
  readonly arbitrary: fc.Arbitrary<unknown>
  readonly made: fc.Value<unknown>
  /** Not the one made, where an agreement needed another, or it has a piece in it. */
  value: unknown
  bytes: Uint8Array
  readonly plans: Plans
  /** What led it to an agreement. */
  readonly hints: ReadonlyArray<Wish>
  /** The branch that this word decides, and what it was to be there. */
  readonly branch: BranchNode | null
  /** Whether that comes at once. */
  readonly isNext: boolean
  readonly label: Label | undefined
  /** The most that it may have, where something said before bounds it. */
  readonly most: number | null
  /** How many bytes of it lie behind the piece in it; null where it has none. */
  readonly piece: { readonly size: number; readonly behind: number } | null
  /** Whether something later depends on it; and whether that is a number of rounds, or the most of another word. */
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
  /** The name of the case; null for the other ways. */
  readonly name: string | null
  readonly way: Grown
}

/** What says nothing. */
export interface GrownSilent extends Part {
  readonly _tag: 'silent'
  readonly node: AgreeNode | AgainNode | EndsNode
  /** Of an agreement: what was said, by key. */
  readonly from: ReadonlyMap<string, Spoken>
}

export interface GrownLoop extends Part {
  readonly _tag: 'loop'
  readonly node: LoopNode
  readonly rounds: ReadonlyArray<Grown>
  /** How the next round would be read. */
  readonly plans: Plans
}

export interface GrownBlob extends Part {
  readonly _tag: 'blob'
  readonly node: BlobNode
  readonly bytes: Uint8Array
  readonly plans: Plans
  /** Where they came from, unless they are the words of a flow. */
  readonly made: { readonly arbitrary: fc.Arbitrary<Uint8Array>; readonly value: fc.Value<Uint8Array> } | null
  readonly inner: Grown | null
}

export interface GrownCarried extends Part {
  readonly _tag: 'carried'
  readonly node: CarriedNode
  readonly plans: Plans
  /** How many bytes are inside. */
  readonly size: number
  readonly inner: Grown
  /** How long the pieces are, over and over. */
  readonly cuts: ReadonlyArray<number>
  /** What the pieces are in; null for frames. */
  readonly over: Grown | null
}

export interface GrownUnless extends Part {
  readonly _tag: 'unless'
  readonly node: UnlessNode
  readonly flow: Grown
  /** What a side says after it is over. */
  readonly departs: Grown | null
  /** How that is read, or would be. */
  readonly plans: Plans
}

/** In the place of a word: a side breaks off. */
export interface GrownDeparture extends Part {
  readonly _tag: 'departure'
  readonly node: SaysNode
  readonly unless: UnlessNode
  readonly words: Grown
}

/** Those that it is made of, in order. */
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
