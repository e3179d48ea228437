import type { Issue } from '../combinators/issue.js'
import type { Side } from './node.js'

/** One round of a loop that goes on as long as a side begins one. */
export interface Turn {
  /** The name of the loop. */
  readonly loop: string
  /** From 0 on. */
  readonly number: number
}

/** What is said or flows: by whom, as what, where. */
interface Placed {
  readonly side: Side
  readonly key: string
  /** The keys of what carries it, the outermost first. */
  readonly within: ReadonlyArray<string>
  /** In which turn; null: in none. */
  readonly turn: Turn | null
  /** The offset of the first byte in the stream of its side, and that of the byte behind the last. */
  readonly start: number
  readonly end: number
}

/** One message, whole. */
export interface SaidEvent extends Placed {
  readonly kind: 'said'
  readonly value: unknown
}

/** Bytes that flowed, or what was carried in pieces, when all of it has passed. */
export interface FlowedEvent extends Placed {
  readonly kind: 'flowed'
  /** How many bytes, without the lengths around them. */
  readonly size: number
  /** In how many frames or pieces they came; null for bytes that nothing cuts. */
  readonly pieces: number | null
  /** How many bytes are left behind what the flow says is inside. */
  readonly trailing: number
  /** The hash of the bytes; null where none was asked for. */
  readonly digest: Uint8Array | null
  /** What the delimiter makes of bytes that end by themselves, if anything. */
  readonly summary?: unknown
}

export interface TurnBegunEvent {
  readonly kind: 'turn'
  readonly is: 'begun'
  readonly turn: Turn
}

/**
 * How a turn was left: `done` at its end; `again` by that word, back to the loop `to`, as failures are said; `closed` by a
 * side that ends the conversation as the flow has it; `departed` by one that broke it off; `broken` in the middle of it, by
 * an issue or by a side that departs.
 */
export interface TurnOverEvent {
  readonly kind: 'turn'
  readonly is: 'over'
  readonly turn: Turn
  readonly how: 'done' | 'again' | 'closed' | 'departed' | 'broken'
  /** The loop that is begun again; null for the other ways. */
  readonly to: string | null
  /** The name of the case that the first branch of the turn took; null where it had none. */
  readonly chosen: string | null
  /** Whether the protocol that was agreed on does not have that case. */
  readonly lacking: boolean
}

/** Something is wrong with what a side said. */
export interface ConversationIssueEvent {
  readonly kind: 'issue'
  readonly side: Side
  /** Its offset is one in the stream of the side; its path begins with the key. */
  readonly issue: Issue
  /** Whether the conversation cannot be followed any further, but for the other side's departure. */
  readonly fatal: boolean
}

/** Both sides have ended. */
export interface ConversationEndEvent {
  readonly kind: 'end'
  /** `done`: the flow is over. `closed`, `departed`: a side ended it. `broken`: an issue did. */
  readonly how: 'done' | 'closed' | 'departed' | 'broken'
  /** How many bytes of each side belong to no event. */
  readonly left: { readonly [S in Side]: number }
}

/** What an observer tells. */
export type ConversationEvent =
  | SaidEvent
  | FlowedEvent
  | TurnBegunEvent
  | TurnOverEvent
  | ConversationIssueEvent
  | ConversationEndEvent
