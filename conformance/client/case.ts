import type { ProtocolVersion } from '../../combinators/version.js'
import type { StorePath } from '../../types/index.js'

/** The sections of cases, by their numbers. */
export const sectionTitles = {
  1: 'versions',
  2: 'words with one rule broken',
  3: 'log messages',
  4: 'errors',
} as const

export type Section = keyof typeof sectionTitles

export const sectionNumbers: ReadonlyArray<Section> = [1, 2, 3, 4]

/** What a client does with what the server of a case says. */
export type Outcome =
  /** It ends with exit code 0, as if it had got a right answer. */
  | 'takes'
  /** It ends with an error. */
  | 'refuses'
  /** It ends with an error before it has asked for anything. */
  | 'leaves'
  | 'hangs'
  | 'crashes'
  /** It did not ask for what the case breaks. */
  | 'not reached'

/** What is sent in place of a message of the server. */
export interface Spoil {
  /** Which message; the first with this label: `QueryPathInfo.reply`. */
  readonly label: string
  readonly bytes: Uint8Array
  /** Whether the server closes the connection after it. */
  readonly ends: boolean
}

/** One run of the client. */
export interface Case {
  readonly id: string
  readonly section: Section
  readonly title: string
  /** The newest version of the protocol that the server speaks. */
  readonly version: ProtocolVersion
  /** The message that is replaced; null: the server makes no mistake. */
  readonly spoil: Spoil | null
  readonly allows: ReadonlyArray<Outcome>
}

/** How a client ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
  /** The end of its standard error. */
  readonly said: string
}

/** A store path that the server has, and its store directory. */
export interface Known {
  readonly path: StorePath
  readonly storeDir: string
}
