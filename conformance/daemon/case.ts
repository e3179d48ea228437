import type { ProtocolVersion } from '../../combinators/version.js'

/** What a case may do to the store: `read` changes nothing; `write` adds paths and deletes them; `build` builds. */
export type Level = 'read' | 'write' | 'build'

export const levels: ReadonlyArray<Level> = ['read', 'write', 'build']

/** Whether a run of a level has the cases of another. */
export const includes = (level: Level, other: Level): boolean =>
  levels.indexOf(other) <= levels.indexOf(level)

/** The sections of cases, by their numbers. */
export const sectionTitles = {
  1: 'handshake',
  2: 'framing and primitives',
  3: 'operations',
  4: 'errors',
  5: 'streams',
  6: 'logs',
  7: 'requests with one rule broken',
} as const

export type Section = keyof typeof sectionTitles

export const sectionNumbers: ReadonlyArray<Section> = [1, 2, 3, 4, 5, 6, 7]

/**
 * What a daemon does. The first four can be right: it answers; it sends an error and reads on; it sends an error and closes
 * the connection; it closes without an error. The others never are.
 */
export type Outcome =
  | 'answered'
  | 'refused'
  | 'refused and closed'
  | 'closed'
  /** What it sends cannot be read as an answer, or it answers something else than it was asked. */
  | 'out of step'
  /** An answer of the right form with a wrong value. */
  | 'wrong answer'
  /** Activities that are not started and stopped in order, or whose fields do not fit their type. */
  | 'wrong log'
  | 'hangs'
  | 'crashes'
  | 'unreachable'

/** What a client waits for before it sends more. */
export type Until = 'hello' | 'features' | 'ready' | 'turn' | 'nothing'

/** Bytes that a client sends in one go. */
export interface Move {
  readonly bytes: Uint8Array
  readonly until: Until
  /** The same bytes without the mistake. The observer reads these, and so follows a daemon that overlooks the mistake. */
  readonly twin?: Uint8Array
  /** How many bytes are written at a time. Default: all. */
  readonly cut?: number
  /** An upload that the daemon pulls, piece by piece. */
  readonly answers?: Uint8Array
}

/** One connection: what a client sends, and which outcomes are right. */
export interface Case {
  readonly id: string
  readonly section: Section
  readonly title: string
  readonly level: Level
  readonly version: ProtocolVersion
  readonly moves: ReadonlyArray<Move>
  /** The index of the operation that is tested; null: the handshake is. The operations behind it are probes. */
  readonly subject: number | null
  readonly probes: ReadonlyArray<Probe>
  readonly allows: ReadonlyArray<Outcome>
  /** What is wrong with an answer, by its values; null: nothing. */
  readonly checks?: (reply: unknown, flowed: number | null) => string | null
  /** The text that breaks a rule, as Latin-1; null: none does. */
  readonly text?: string | null
  /** Whether the client leaves as soon as its last move is made. */
  readonly leaves?: boolean
}

/** A question after the tested request, with a known answer: it shows whether the daemon is still in step. */
export interface Probe {
  readonly reply: unknown
}

/** Why a case is not tried. */
export interface Skipped {
  readonly id: string
  readonly section: Section
  readonly title: string
  readonly reason: string
}
