import type { Either } from 'fp-ts/lib/Either.js'
import type { Gate } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import type { AnyGrammar } from '../combinators/node.js'
import type { Agreed, Protocol } from '../combinators/protocol.js'

export type Side = 'client' | 'server'

/**
 * What a conversation is made of: a closed union, so that an interpreter is one exhaustive switch. Every constructor
 * makes one of these, or puts some together.
 */
export type FlowNode =
  | SaysNode
  | SequenceNode
  | BranchNode
  | GatedNode
  | AgreeNode
  | LoopNode
  | AgainNode
  | AtOnceNode
  | BlobNode
  | CarriedNode
  | UnlessNode
  | EndsNode

/** What pages tell of any node. */
interface Labelled {
  /** The name of a part that is printed once, and linked elsewhere. */
  readonly part?: string
  /** One line for people: what is peculiar here. */
  readonly note?: string
}

/** Where something was said: a key, and then fields inside the value. */
export type Place = readonly [key: string, ...fields: ReadonlyArray<string>]

/** One message. What was said is known by its key to the end of its turn. */
export interface SaysNode extends Labelled {
  readonly _tag: 'says'
  readonly side: Side
  readonly key: string
  readonly grammar: AnyGrammar
  /** A number said before: the most bytes or items that the message may have. */
  readonly atMost: Place | null
}

/** One after another. */
export interface SequenceNode extends Labelled {
  readonly _tag: 'sequence'
  readonly parts: ReadonlyArray<FlowNode>
}

export type Label = string | number | bigint | boolean

export interface Case {
  readonly name: string
  readonly label: Label
  /** The protocols that have it; null: all. */
  readonly gate: Gate | null
  readonly flow: FlowNode
}

/** What was said decides what follows. Without `otherwise` any other value is an issue. */
export interface BranchNode extends Labelled {
  readonly _tag: 'branch'
  readonly on: Place
  readonly cases: ReadonlyMap<Label, Case>
  readonly otherwise: FlowNode | null
}

/** What was agreed on decides what follows. */
export interface GatedNode extends Labelled {
  readonly _tag: 'gated'
  readonly gate: Gate
  readonly flow: FlowNode
  readonly otherwise: FlowNode
}

/** What both sides make of what was said: a change of the protocol, or why one of them goes no further. */
export interface AgreeNode extends Labelled {
  readonly _tag: 'agree'
  readonly name: string
  readonly from: ReadonlyArray<{ readonly key: string; readonly grammar: AnyGrammar | 'size' }>
  /** The side whose words are to blame if it is refused. */
  readonly blames: Side
  readonly compute: (said: never) => Either<string, Partial<Agreed>>
}

/**
 * `end`: turns, as many as that side begins, each with words of its own. `times`: as many rounds as a number said before.
 * Null: one round, and one more for each `again` of its name.
 */
export interface LoopNode extends Labelled {
  readonly _tag: 'loop'
  readonly name: string
  readonly body: FlowNode
  readonly until: { readonly end: Side } | { readonly times: Place } | null
  readonly speech: Speech | null
}

/** One side speaks in a loop until it is done. */
export interface Speech {
  /** Under which key. */
  readonly key: string
  /** The value with which it is done. */
  readonly done: unknown
  /** The case that means failure. */
  readonly failed: string
}

/** Back to the head of a loop around. One further out leaves those inside it. */
export interface AgainNode extends Labelled {
  readonly _tag: 'again'
  readonly loop: string
}

/** Each part at its own pace. If one leaves a loop around, the others are no longer wanted. */
export interface AtOnceNode extends Labelled {
  readonly _tag: 'atOnce'
  readonly parts: ReadonlyArray<FlowNode>
}

/** Bytes without a grammar, handed on as they come. */
export interface BlobNode extends Labelled {
  readonly _tag: 'blob'
  readonly side: Side
  readonly key: string
  /** Finds their end; null: the end of what carries them. */
  readonly delimiter: Delimiter | null
}

/** Finds the end of bytes that end by themselves. */
export interface Delimiter {
  /** What the bytes are, for pages. */
  readonly name: string
  /** `offset`: that of the first byte, for issues. `agreed`: what the two sides have agreed on. */
  readonly open: (offset: number, agreed: Partial<Protocol>) => Delimiting
}

/** One search for an end. */
export interface Delimiting {
  /** The offset from which on what has been taken may still turn out to be wrong: a part that is not whole begins there. */
  readonly keptFrom: number
  /** The earliest offset that what is found wrong from here on can name, where that lies before `keptFrom`. */
  readonly issuesFrom?: number
  /** Takes a chunk: how many bytes of it belong, and whether the end is among them; or what is wrong. */
  push(chunk: Uint8Array): { readonly used: number; readonly over: boolean } | Issue
  /** What it found since it was asked last that is wrong and loses no place. */
  takeFound?(): ReadonlyArray<Issue>
  /** What it makes of the bytes behind their end, if anything. */
  summary?(): unknown
  /** What is wrong if no more bytes come. */
  finish(): Issue
}

/** The words of one side inside other bytes. */
export interface CarriedNode extends Labelled {
  readonly _tag: 'carried'
  readonly side: Side
  readonly key: string
  readonly inner: FlowNode
  readonly way: Frames | Pieces
  /** Whether the other side, if it refuses meanwhile, may leave them unread. */
  readonly unread: boolean
}

/** A length and as many bytes, again and again; a length of 0 ends them. */
export interface Frames {
  readonly _tag: 'frames'
  readonly length: AnyGrammar
  /** What stands in the place of a length where the bytes break off: one that no frame has. Null: nothing. */
  readonly brokenOff: { readonly grammar: AnyGrammar; readonly value: unknown } | null
}

/** Pieces of what is said in `over`. */
export interface Pieces {
  readonly _tag: 'pieces'
  readonly over: FlowNode
  /** Where a piece is. */
  readonly of: Place
  /** The fields around a piece. */
  readonly wrapped: object | null
  /** How the other side asks for a piece, if it must: what it says, and which field of it is the most bytes it takes. */
  readonly asks: { readonly key: string; readonly value: object; readonly size: string } | null
}

/** A flow that a side may break off at any moment: it says `departs` instead, and the conversation is over. */
export interface UnlessNode extends Labelled {
  readonly _tag: 'unless'
  readonly side: Side
  readonly departs: FlowNode
  readonly flow: FlowNode
}

/** A side closes. */
export interface EndsNode extends Labelled {
  readonly _tag: 'ends'
  readonly side: Side
}
