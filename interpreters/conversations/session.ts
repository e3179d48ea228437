import type { FieldPath, IssueTag } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { ConversationEvent, Turn } from '../../conversation/events.js'
import type { Side } from '../../conversation/node.js'

/** A part of what a side says, in the order in which both speak. */
export interface Move {
  readonly side: Side
  /** The offset of its first byte in the stream of its side, and that of the byte behind its last. */
  readonly start: number
  readonly end: number
}

/** Bytes that a side hands over beside its words: those that flow, and what it carries inside others. */
export interface MadeContent {
  readonly side: Side
  readonly key: string
  /** In which turn; null: in none. */
  readonly turn: Turn | null
  /** What is handed over: each frame or piece by itself; bytes that nothing cuts are one. */
  readonly chunks: ReadonlyArray<Uint8Array>
  /** What a side still had that refused or broke off meanwhile. */
  readonly rest: Uint8Array
}

/** That a side breaks off: instead of its next word, or behind the end. */
export interface MadeDeparture {
  readonly side: Side
  readonly is: 'instead' | 'behind'
  /** What is told of it, among the events of the session. */
  readonly events: ReadonlyArray<ConversationEvent>
}

/** Both sides of a conversation, made up. */
export interface MadeSession {
  readonly client: Uint8Array
  readonly server: Uint8Array
  /** What both have agreed on at the end. */
  readonly protocol: Partial<Protocol>
  /** What was said, as an observer must tell it; those of one side are in order, and turns among them. */
  readonly events: ReadonlyArray<ConversationEvent>
  readonly moves: ReadonlyArray<Move>
  /** What is carried by nothing else, in the order in which it is handed over. */
  readonly contents: ReadonlyArray<MadeContent>
  /** Null if no side breaks off. */
  readonly departure: MadeDeparture | null
}

/** The rules of a conversation that are broken, each in the words of what is done. */
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
  /** What an observer must know before the first word, if anything. */
  readonly protocol: Partial<Protocol>
  readonly rule: BrokenRule
  /** The word that is broken, or after which something is. */
  readonly key: string
  readonly within: ReadonlyArray<string>
  readonly turn: Turn | null
  /** The side that breaks it, and the offset in its stream. */
  readonly side: Side
  readonly at: number
  /** What an observer must report, among the issues of that side. */
  readonly issue: {
    readonly tag: IssueTag
    readonly side: Side
    readonly offset: number
    readonly path: FieldPath
    /** Whether the conversation cannot be followed any further. */
    readonly fatal: boolean
  }
}
