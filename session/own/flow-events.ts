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
  /** The keys of what carries it, the outermost first. */
  readonly within: ReadonlyArray<string>
  /** Where it lies in the stream of its side, or in what carries it. */
  readonly start: number
  readonly end: number
}

/** One message, and what its value was read under. */
export interface FlowSaid extends Placed {
  readonly kind: 'said'
  readonly value: unknown
  readonly protocol: Partial<Protocol>
}

/** Bytes that flowed, or what was carried in pieces. */
export interface FlowFlowed extends Placed {
  readonly kind: 'flowed'
  readonly size: number
  readonly pieces: number | null
}

/** One turn, when it is over; or what was said between, before and behind turns. */
export interface FlowPart extends Ranges {
  readonly kind: 'part'
  /** Null: outside of all turns. */
  readonly turn: Turn | null
  /** The case of the turn. */
  readonly name: string | null
  /** How the turn was left; null where it is no turn, or not over. */
  readonly how: TurnOverEvent['how'] | null
  /** The loop that is begun again; null for the other ways. */
  readonly to: string | null
  readonly lacking: boolean
  readonly words: ReadonlyArray<FlowSaid | FlowFlowed>
  /** How many words more there were, and are not kept. */
  readonly omitted: number
  /** When the first and the last word came, in milliseconds since 1970; null where that is not known. */
  readonly began: number | null
  readonly ended: number | null
}

/** Something is wrong with what a side said, or it ended too early. */
export interface FlowIssue extends ConversationIssueEvent {
  /** The turn it belongs to; null outside of all turns. */
  readonly during: string | null
}

/** What is told of a conversation of a user's own. */
export type FlowSessionEvent = FlowPart | FlowIssue | ConversationEndEvent
