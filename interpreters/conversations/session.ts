import type { FieldPath, IssueTag } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { ConversationEvent, Turn } from '../../conversation/events.js'
import type { Side } from '../../conversation/node.js'

/** A part of what one side sends, in the order in which both sides speak. */
export interface Move {
  readonly side: Side
  /** The offset of its first byte in the stream of its side; `end` is that of the byte after its last. */
  readonly start: number
  readonly end: number
}

/** Bytes that a side passes along with its messages: raw streams, and content that is carried inside messages. */
export interface MadeContent {
  readonly side: Side
  readonly key: string
  /** The turn that they belong to; null if they belong to none. */
  readonly turn: Turn | null
  /** The bytes, one chunk for each frame or piece; a stream that is not cut is one chunk. */
  readonly chunks: ReadonlyArray<Uint8Array>
  /** The bytes that were not sent, because the other side refused or a side broke off. */
  readonly rest: Uint8Array
}

/** A side that breaks off: instead of its next message, or after the end. */
export interface MadeDeparture {
  readonly side: Side
  readonly is: 'instead' | 'behind'
  /** The events of the session that report it. */
  readonly events: ReadonlyArray<ConversationEvent>
}

/** A generated session: the bytes of both sides of a conversation. */
export interface MadeSession {
  readonly client: Uint8Array
  readonly server: Uint8Array
  /** What both sides have agreed on at the end. */
  readonly protocol: Partial<Protocol>
  /** The events that an observer must report. Those of one side are in order, and so are those of turns. */
  readonly events: ReadonlyArray<ConversationEvent>
  readonly moves: ReadonlyArray<Move>
  /** The contents beside the messages, in the order in which they are passed. */
  readonly contents: ReadonlyArray<MadeContent>
  /** Null if no side breaks off. */
  readonly departure: MadeDeparture | null
}

/** The rules of a conversation that can be broken, each named by what happens instead. */
export const brokenRules = [
  // says
  'a word is cut',
  'a side falls silent',
  'a word is omitted',
  'a word is said twice',
  'a word comes from the wrong side',
  'a word breaks a rule of its grammar',
  'a word is longer than was asked for',
  // branch
  'there is no such case',
  'the protocol lacks the case',
  // agree
  'the sides disagree',
  // loop
  'there are fewer rounds than announced',
  'there are more rounds than announced',
  'it goes on behind its end',
  'a side speaks unasked',
  // blob
  'bytes are cut',
  // carried
  'a frame is cut',
  'there is no end frame',
  'a frame is empty',
  'a frame follows the end frame',
  'what is carried is cut',
  // ends
  'bytes follow the end',
] as const

export type BrokenRule = (typeof brokenRules)[number]

/** Both sides of a conversation in which exactly one rule is broken. */
export interface BrokenSession {
  readonly client: Uint8Array
  readonly server: Uint8Array
  /** The parts of the protocol that an observer must know before the first message, if any. */
  readonly protocol: Partial<Protocol>
  readonly rule: BrokenRule
  /** The key of the message that is broken, or after which the rule is broken. */
  readonly key: string
  readonly within: ReadonlyArray<string>
  readonly turn: Turn | null
  /** The side that breaks the rule; `offset` is the place in its stream. */
  readonly side: Side
  readonly at: number
  /** The issue that an observer must report for that side. */
  readonly issue: {
    readonly tag: IssueTag
    readonly side: Side
    readonly offset: number
    readonly path: FieldPath
    /** True if the conversation cannot be followed any further. */
    readonly fatal: boolean
  }
}
