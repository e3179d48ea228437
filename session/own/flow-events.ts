import type { Protocol } from '../../combinators/protocol.js'
import type {
  ConversationEndEvent,
  ConversationIssueEvent,
  Turn,
  TurnOverEvent,
} from '../../conversation/events.js'
import type { Ranges, Side } from '../events.js'

interface Placed {
  readonly side: Side
  readonly key: string
  /** The keys of the frames or pieces that contain it, the outermost first. */
  readonly within: ReadonlyArray<string>
  /** Its place in the stream of its side, or in the content that contains it. */
  readonly start: number
  readonly end: number
}

/** One message, and the protocol of its value. */
export interface FlowSaid extends Placed {
  readonly kind: 'said'
  readonly value: unknown
  readonly protocol: Partial<Protocol>
}

/** Streamed bytes, or the content of pieces. */
export interface FlowFlowed extends Placed {
  readonly kind: 'flowed'
  readonly size: number
  readonly pieces: number | null
}

/** One turn, when it is over; or the messages before, between and after turns. */
export interface FlowPart extends Ranges {
  readonly kind: 'part'
  /** Null outside of all turns. */
  readonly turn: Turn | null
  /** The case of the turn. */
  readonly name: string | null
  /** How the turn was left; null outside of turns, and for a turn that is not over. */
  readonly how: TurnOverEvent['how'] | null
  /** The loop that is repeated; null for other ways. */
  readonly to: string | null
  readonly lacking: boolean
  readonly words: ReadonlyArray<FlowSaid | FlowFlowed>
  /** The number of messages that were not kept. */
  readonly omitted: number
  /** When the first and the last message came, in milliseconds since 1970; null if that is not known. */
  readonly began: number | null
  readonly ended: number | null
}

/** An issue in the messages of a side, or an early end. */
export interface FlowIssue extends ConversationIssueEvent {
  /** The turn with the issue; null outside of all turns. */
  readonly during: string | null
}

/** An event of a conversation of the user's own. */
export type FlowSessionEvent = FlowPart | FlowIssue | ConversationEndEvent
