import type { ProtocolVersion } from '../../combinators/version.js'
import type { StorePath } from '../../types/index.js'

/** What the cases are about, by their numbers. */
export const sectionTitles = {
  1: 'versions',
  2: 'words with one rule broken',
  3: 'log messages',
  4: 'errors',
} as const

export type Section = keyof typeof sectionTitles

export const sectionNumbers: ReadonlyArray<Section> = [1, 2, 3, 4]

/** What a client does with what a case says to it. */
export type Outcome =
  /** It ends as one that has got what it asked for. */
  | 'takes'
  /** It ends with an error. */
  | 'refuses'
  /** It ends with an error before it has asked for anything. */
  | 'leaves'
  | 'hangs'
  | 'crashes'
  /** It never came to the word that the case is about. */
  | 'not reached'

/** What is said in the place of a word of the server. */
export interface Spoil {
  /** The word, the first of its kind: `QueryPathInfo.reply`. */
  readonly label: string
  readonly bytes: Uint8Array
  /** Whether the connection ends behind it. */
  readonly ends: boolean
}

/** One run of the client. */
export interface Case {
  readonly id: string
  readonly section: Section
  readonly title: string
  /** The newest version that the server speaks. */
  readonly version: ProtocolVersion
  /** Null: the server says what it should. */
  readonly spoil: Spoil | null
  readonly allows: ReadonlyArray<Outcome>
}

/** How a client ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
  /** The last of what it said to people. */
  readonly said: string
}

/** A path that the server has, and how its store is called. */
export interface Known {
  readonly path: StorePath
  readonly storeDir: string
}
