import type { ProtocolVersion } from '../../combinators/version.js'

/** What a case needs to be allowed: `read` changes nothing; `write` adds to the store and takes from it; `build` builds. */
export type Level = 'read' | 'write' | 'build'

export const levels: ReadonlyArray<Level> = ['read', 'write', 'build']

/** Whether a run of a level has the cases of another. */
export const includes = (level: Level, other: Level): boolean =>
  levels.indexOf(other) <= levels.indexOf(level)

/** What the cases are about, by their numbers. */
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
 * What a daemon does with what a case says. The first four leave nothing open: it answers; it refuses with an error, and goes
 * on; it refuses with an error and closes; it closes without a word. The others are never right.
 */
export type Outcome =
  | 'answered'
  | 'refused'
  | 'refused and closed'
  | 'closed'
  /** What it says is no answer, or its next answer is that of something else. */
  | 'out of step'
  /** An answer of the right form, and not the one that is known. */
  | 'wrong answer'
  /** Activities that are not opened or closed as they should be, or fields that their types do not have. */
  | 'wrong log'
  | 'hangs'
  | 'crashes'
  | 'unreachable'

/** What is awaited before the next bytes are sent. */
export type Until = 'hello' | 'features' | 'ready' | 'turn' | 'nothing'

/** Bytes that a client sends. */
export interface Move {
  readonly bytes: Uint8Array
  readonly until: Until
  /** The bytes without what is broken in them, for the observer: it then hears whether the daemon takes them for these. */
  readonly twin?: Uint8Array
  /** At most so many bytes at once. */
  readonly cut?: number
  /** What is handed over in pieces, when the daemon asks for it. */
  readonly answers?: Uint8Array
}

/** One connection: what a client says on it, and what a daemon may do with it. */
export interface Case {
  readonly id: string
  readonly section: Section
  readonly title: string
  readonly level: Level
  readonly version: ProtocolVersion
  readonly moves: ReadonlyArray<Move>
  /** Which turn the case is about; null: the handshake. Those behind it are probes, whose answers are known. */
  readonly subject: number | null
  readonly probes: ReadonlyArray<Probe>
  readonly allows: ReadonlyArray<Outcome>
  /** What is wrong with an answer, by its values; null: nothing. */
  readonly checks?: (reply: unknown, flowed: number | null) => string | null
  /** The text in which a rule is broken, a character for each byte; null: in none. */
  readonly text?: string | null
  /** Whether the client leaves as soon as its last move is made. */
  readonly leaves?: boolean
}

/** A question behind the subject of a case. */
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
