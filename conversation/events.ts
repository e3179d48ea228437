import type { Issue } from '../combinators/issue.js'
import type { Side } from './node.js'

/** One round of a loop that goes on as long as a side begins another, such as {@link turns}. */
export interface Turn {
  /** The name of the loop. */
  readonly loop: string
  /** The number of the round, from 0. */
  readonly number: number
}

/** The side, the key and the place of a message or a stream. */
interface Placed {
  readonly side: Side
  readonly key: string
  /** The keys of the frames or pieces around it, the outermost first. */
  readonly within: ReadonlyArray<string>
  /** Its turn; null outside of turns. */
  readonly turn: Turn | null
  /** The offset of its first byte in the stream of its side, and that of the byte after the last. */
  readonly start: number
  readonly end: number
}

/** A complete message. */
export interface SaidEvent extends Placed {
  readonly kind: 'said'
  readonly value: unknown
}

/** Raw bytes, or a content carried in frames or pieces, after all of it has passed. */
export interface FlowedEvent extends Placed {
  readonly kind: 'flowed'
  /** The number of bytes, without the lengths around them. */
  readonly size: number
  /** The number of frames or pieces; null for bytes that are not cut. */
  readonly pieces: number | null
  /** The number of bytes after the end of the inner flow. */
  readonly trailing: number
  /** The hash of the bytes; null if none was requested. */
  readonly digest: Uint8Array | null
  /** The summary that the delimiter makes of the bytes, if any. */
  readonly summary?: unknown
}

export interface TurnBegunEvent {
  readonly kind: 'turn'
  readonly is: 'begun'
  readonly turn: Turn
}

/**
 * A turn is over. `done`: at its end. `again`: by `again`, back to the loop `to`, which is how failures end a turn.
 * `closed`: a side ended the conversation where the flow allows it. `departed`: a side broke it off. `broken`: an
 * issue or a departure ended the turn in its middle.
 */
export interface TurnOverEvent {
  readonly kind: 'turn'
  readonly is: 'over'
  readonly turn: Turn
  readonly how: 'done' | 'again' | 'closed' | 'departed' | 'broken'
  /** With `again`, the loop that begins again; else null. */
  readonly to: string | null
  /** The name of the case that the first branch of the turn took; null if there was none. */
  readonly chosen: string | null
  /** True if the agreed protocol does not have that case. */
  readonly lacking: boolean
}

/** Something is wrong with the bytes of a side. */
export interface ConversationIssueEvent {
  readonly kind: 'issue'
  readonly side: Side
  /** The issue. Its offset is one in the stream of the side; its path begins with the key of the message. */
  readonly issue: Issue
  /** True if the conversation cannot be followed any further, except for the departure of the other side. */
  readonly fatal: boolean
}

/** The streams of both sides have ended. */
export interface ConversationEndEvent {
  readonly kind: 'end'
  /** `done`: the flow came to its end. `closed`, `departed`: a side ended it. `broken`: an issue ended it. */
  readonly how: 'done' | 'closed' | 'departed' | 'broken'
  /** For each side the number of bytes that belong to no event. */
  readonly left: { readonly [S in Side]: number }
}

/** The events of an observer. */
export type ConversationEvent =
  | SaidEvent
  | FlowedEvent
  | TurnBegunEvent
  | TurnOverEvent
  | ConversationIssueEvent
  | ConversationEndEvent
