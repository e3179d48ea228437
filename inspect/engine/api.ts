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

/** What is wrong with the input, and where. */
export interface Flaw {
  readonly stream: StreamIndex
  readonly offset: number
  /** The issue on one line. */
  readonly text: string
}

/** What is wrong first, and all that is wrong besides. */
export interface Wrong extends Flaw {
  /** What may have led to it. */
  readonly guess: string | null
  readonly others: ReadonlyArray<Flaw>
  /** How many issues there are that are not listed. */
  readonly omitted: number
}

export type Loaded =
  | {
      readonly _tag: 'Loaded'
      readonly rows: number
      readonly wrong: Wrong | null
      /** What the side of a session is called that is not the client. */
      readonly serverName: 'daemon' | 'server'
      /** Null for a message. */
      readonly overview: Overview | null
      /** How much of it has been read, from 0 to 1. `more` reads on. */
      readonly read: number
    }
  /** The settings cannot be. */
  | { readonly _tag: 'Refused'; readonly problem: string }

/** What a module has added. */
export type Added =
  | {
      readonly _tag: 'Added'
      readonly types: ReadonlyArray<string>
      readonly conversation: string | null
      /** What holds by default, as far as the module says it. */
      readonly settings: Partial<Pick<Settings, 'version' | 'features' | 'storeDir'>>
    }
  | { readonly _tag: 'Refused'; readonly problem: string }

/** What comes of encoding something. */
export type Encoded =
  | { readonly _tag: 'Encoded'; readonly bytes: Uint8Array; readonly type: string }
  | { readonly _tag: 'Refused'; readonly problem: string }

/** What the page asks of the library. All of it runs in a worker, so that the page stays free. */
export interface Api {
  types(): ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>
  load(input: Input, settings: Settings): Loaded
  /** Reads on in a session that is long, and says what there is of it now. */
  more(): Loaded
  /** Runs a module, and takes what it exports from then on. One of the same name is replaced. */
  addModule(name: string, source: string): Promise<Added>
  /** Encodes a narinfo as a ValidPathInfo, or JSON as the type of the settings. */
  encode(from: 'narinfo' | 'json', text: Uint8Array, settings: Settings): Encoded
  /** What of a message can be edited at a row; or why nothing can. */
  editable(bytes: Uint8Array, settings: Settings, path: ItemPath): Editable | { readonly problem: string }
  /** The message with a change at that row. */
  edited(bytes: Uint8Array, settings: Settings, path: ItemPath, change: Change): Encoded
  rows(from: number, to: number): ReadonlyArray<RowData>
  toggle(path: ItemPath, open: boolean): Shown
  /** Opens all that an item is hidden in. */
  reveal(path: ItemPath): Shown
  /** The same for the item that a byte belongs to. */
  revealAt(stream: StreamIndex, offset: number): Shown
  /** The first row from one on, and round again, whose name begins with the text. */
  seek(text: string, from: number): Shown
  /** The item of a byte, as it is; its row is that of what it is hidden in. */
  locate(stream: StreamIndex, offset: number): RowData | null
  details(path: ItemPath, all: boolean): Details
  /** Which rows there are from now on. */
  filter(filter: Filter): Filtered
  /** Looks for something, while other questions are answered. */
  find(query: Query): Promise<Found>
  stopFinding(): void
  /** Which fields the bytes from one offset to another belong to. */
  regions(stream: StreamIndex, from: number, to: number): ReadonlyArray<Region>
}
