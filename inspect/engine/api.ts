import type { ProtocolVersion } from '../../combinators/version.js'
import type { Side } from '../../session/events.js'
import type { RecordedEnd, RecordedGap } from '../../session/recording/step.js'
import type { Change, Editable } from './editing.js'
import type { Filter, Filtered } from './filter.js'
import type { Found, Query } from './finding.js'
import type { StreamIndex } from './item.js'
import type { ItemPath } from './outline.js'
import type { Overview } from './overview.js'
import type { Details } from './plain-text.js'
import type { Region } from './regions.js'
import type { RowData, Shown } from './row-data.js'

export type { RowData, Shown }

/** What the bytes are read as. */
export interface Settings {
  /** A grammar's name or a type expression; not asked for sessions. */
  readonly type: string
  readonly version: ProtocolVersion
  readonly features: ReadonlyArray<string>
  /** Of sessions: empty where the traffic says it. */
  readonly storeDir: string
  readonly canonical: boolean
}

/** What happened next in a recording that has times; the bytes themselves are in the streams. */
export type Moment =
  | { readonly kind: 'bytes'; readonly side: Side; readonly at: number | null; readonly length: number }
  | Omit<RecordedEnd, 'connection'>
  | Omit<RecordedGap, 'connection'>

export type Input =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'session'
      readonly client: Uint8Array
      readonly server: Uint8Array
      /** In its order; null where only the bytes are known. */
      readonly moments: ReadonlyArray<Moment> | null
    }

/** An issue of the input, and its place. */
export interface Flaw {
  readonly stream: StreamIndex
  readonly offset: number
  /** The issue on one line. */
  readonly text: string
}

/** The first issue, and all others. */
export interface Wrong extends Flaw {
  /** The guess at its cause. */
  readonly guess: string | null
  readonly others: ReadonlyArray<Flaw>
  /** The number of issues that are not listed. */
  readonly omitted: number
}

export type Loaded =
  | {
      readonly _tag: 'Loaded'
      readonly rows: number
      readonly wrong: Wrong | null
      /** What is pending at the end of a recording that hangs, and who waits for whom; otherwise null. */
      readonly pending: string | null
      /** The name of the side of a session that is not the client. */
      readonly serverName: 'daemon' | 'server'
      /** Null for a message. */
      readonly overview: Overview | null
      /** The share that has been read, from 0 to 1. `more` reads on. */
      readonly read: number
    }
  /** The settings cannot be. */
  | { readonly _tag: 'Refused'; readonly problem: string }

/** The types that a module adds. */
export type Added =
  | {
      readonly _tag: 'Added'
      readonly types: ReadonlyArray<string>
      readonly conversation: string | null
      /** The defaults that the module gives. */
      readonly settings: Partial<Pick<Settings, 'version' | 'features' | 'storeDir'>>
    }
  | { readonly _tag: 'Refused'; readonly problem: string }

/** The result of encoding something. */
export type Encoded =
  | { readonly _tag: 'Encoded'; readonly bytes: Uint8Array; readonly type: string }
  | { readonly _tag: 'Refused'; readonly problem: string }

/**
 * The functions of the library that the page calls. They run in a worker, so that the page stays responsive.
 */
export interface Api {
  types(): ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>
  load(input: Input, settings: Settings): Loaded
  /** Reads on in a long session, and returns what has been read by now. */
  more(): Loaded
  /** Runs a module, and uses its exports from then on. It replaces a module of the same name. */
  addModule(name: string, source: string): Promise<Added>
  /** Encodes a narinfo as a ValidPathInfo, or JSON as the type of the settings. */
  encode(from: 'narinfo' | 'json', text: Uint8Array, settings: Settings): Encoded
  /** The parts of a message that can be edited at a row; or why none can. */
  editable(bytes: Uint8Array, settings: Settings, path: ItemPath): Editable | { readonly problem: string }
  /** The message with a change at that row. */
  edited(bytes: Uint8Array, settings: Settings, path: ItemPath, change: Change): Encoded
  rows(from: number, to: number): ReadonlyArray<RowData>
  toggle(path: ItemPath, open: boolean): Shown
  /** Opens the items that contain an item. */
  reveal(path: ItemPath): Shown
  /** The same for the item of a byte. */
  revealAt(stream: StreamIndex, offset: number): Shown
  /** The first row whose name begins with the text, from a given one on and then from the start. */
  seek(text: string, from: number): Shown
  /** The item of a byte, without opening anything; if it is hidden, its row is that of an item around it. */
  locate(stream: StreamIndex, offset: number): RowData | null
  details(path: ItemPath, all: boolean): Details
  /** Sets which rows are shown. */
  filter(filter: Filter): Filtered
  /** Searches, while other questions are answered. */
  find(query: Query): Promise<Found>
  stopFinding(): void
  /** The fields of the bytes between two offsets. */
  regions(stream: StreamIndex, from: number, to: number): ReadonlyArray<Region>
}
