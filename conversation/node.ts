import type { Either } from 'fp-ts/lib/Either.js'
import type { Gate } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import type { AnyGrammar } from '../combinators/node.js'
import type { Agreed, Protocol } from '../combinators/protocol.js'

export type Side = 'client' | 'server'

/**
 * The nodes of a flow. The union is closed, so that an interpreter is one exhaustive switch. All constructors build
 * these nodes.
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

/** What pages show for any node. */
interface Labelled {
  /** The name of a part that is printed once, and linked elsewhere. */
  readonly part?: string
  /** One line for people: what is special here. */
  readonly note?: string
}

/** A place in an earlier message: its key, then fields inside its value. */
export type Place = readonly [key: string, ...fields: ReadonlyArray<string>]

/** One message. Its key names it to the end of its turn. */
export interface SaysNode extends Labelled {
  readonly _tag: 'says'
  readonly side: Side
  readonly key: string
  readonly grammar: AnyGrammar
  /** The place of a number: the most bytes or items that the message may have. */
  readonly atMost: Place | null
}

/** Parts one after another. */
export interface SequenceNode extends Labelled {
  readonly _tag: 'sequence'
  readonly parts: ReadonlyArray<FlowNode>
}

export type Label = string | number | bigint | boolean

export interface Case {
  readonly name: string
  readonly label: Label
  /** The protocols that have the case; null for all. */
  readonly gate: Gate | null
  readonly flow: FlowNode
}

/** A value in an earlier message decides what follows. Without `otherwise` any other value is an issue. */
export interface BranchNode extends Labelled {
  readonly _tag: 'branch'
  readonly on: Place
  readonly cases: ReadonlyMap<Label, Case>
  readonly otherwise: FlowNode | null
}

/** The agreed protocol decides what follows. */
export interface GatedNode extends Labelled {
  readonly _tag: 'gated'
  readonly gate: Gate
  readonly flow: FlowNode
  readonly otherwise: FlowNode
}

/**
 * What both sides compute from earlier messages: a part of the protocol, or the reason why the conversation cannot go
 * on.
 */
export interface AgreeNode extends Labelled {
  readonly _tag: 'agree'
  readonly name: string
  readonly from: ReadonlyArray<{ readonly key: string; readonly grammar: AnyGrammar | 'size' }>
  /** The side whose message is at fault if the agreement fails. */
  readonly blames: Side
  readonly compute: (said: never) => Either<string, Partial<Agreed>>
}

/**
 * `end`: turns, as many as that side begins, each with its own messages. `times`: as many rounds as the number at
 * that place. Null: one round, and one more for each `again` with its name.
 */
export interface LoopNode extends Labelled {
  readonly _tag: 'loop'
  readonly name: string
  readonly body: FlowNode
  readonly until: { readonly end: Side } | { readonly times: Place } | null
  readonly speech: Speech | null
}

/** One side sends messages in a loop until it is done. */
export interface Speech {
  /** The key of its messages. */
  readonly key: string
  /** The value that ends the loop. */
  readonly done: unknown
  /** The case that reports a failure. */
  readonly failed: string
}

/** Goes back to the head of a loop around it; the loops inside that one are left. */
export interface AgainNode extends Labelled {
  readonly _tag: 'again'
  readonly loop: string
}

/** Concurrent parts. If one leaves a loop around, the others are abandoned. */
export interface AtOnceNode extends Labelled {
  readonly _tag: 'atOnce'
  readonly parts: ReadonlyArray<FlowNode>
}

/** Raw bytes, which are streamed and not decoded. */
export interface BlobNode extends Labelled {
  readonly _tag: 'blob'
  readonly side: Side
  readonly key: string
  /** Finds the end of the bytes; null for the end of what carries them. */
  readonly delimiter: Delimiter | null
}

/** Finds the end of raw bytes whose content says where they end. */
export interface Delimiter {
  /** What the bytes are, for people. */
  readonly name: string
  /**
   * Starts a search. `offset`: that of the first byte, for issues. `agreed`: the protocol that both sides have agreed
   * on.
   */
  readonly open: (offset: number, agreed: Partial<Protocol>) => Delimiting
}

/** One search for an end. */
export interface Delimiting {
  /** The offset of the first part that is incomplete, so that an issue may still be found in it. */
  readonly keptFrom: number
  /** The earliest offset that a later issue can have, if that is before `keptFrom`. */
  readonly issuesFrom?: number
  /** Takes a chunk. Returns how many of its bytes were used and whether the end is among them, or an issue. */
  push(chunk: Uint8Array): { readonly used: number; readonly over: boolean } | Issue
  /** The issues since the last call after which the search could go on. */
  takeFound?(): ReadonlyArray<Issue>
  /** A summary of the bytes after their end, if any. */
  summary?(): unknown
  /** The issue if no more bytes come. */
  finish(): Issue
}

/** A flow of one side inside frames or pieces. */
export interface CarriedNode extends Labelled {
  readonly _tag: 'carried'
  readonly side: Side
  readonly key: string
  readonly inner: FlowNode
  readonly way: Frames | Pieces
  /** True if the other side may leave the bytes unread when it fails meanwhile. */
  readonly unread: boolean
}

/** Frames: each is a length and that many bytes; a length of 0 ends them. */
export interface Frames {
  readonly _tag: 'frames'
  readonly length: AnyGrammar
  /**
   * The value in place of a length with which a side breaks off, and which no frame can have; null if there is none.
   */
  readonly brokenOff: { readonly grammar: AnyGrammar; readonly value: unknown } | null
}

/** Pieces in the messages of the flow `over`. */
export interface Pieces {
  readonly _tag: 'pieces'
  readonly over: FlowNode
  /** The place of a piece. */
  readonly of: Place
  /** The other fields of the message of a piece; null if the piece is the whole message. */
  readonly wrapped: object | null
  /** How the other side asks for a piece, if it must: the message, and the field with the most bytes that it takes. */
  readonly asks: { readonly key: string; readonly value: object; readonly size: string } | null
}

/** A flow that a side may break off at any moment: it sends `departs` instead, and the conversation is over. */
export interface UnlessNode extends Labelled {
  readonly _tag: 'unless'
  readonly side: Side
  readonly departs: FlowNode
  readonly flow: FlowNode
}

/** A side closes the connection. */
export interface EndsNode extends Labelled {
  readonly _tag: 'ends'
  readonly side: Side
}
