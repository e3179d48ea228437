import type { ConversationEvent, Turn } from '../../conversation/events.js'
import type { Side, UnlessNode } from '../../conversation/node.js'
import type { Grown, GrownWord } from './grown.js'
import type { MadeContent } from './session.js'
import type { Strand } from './strand.js'

/** An event, with its place in the strand of its side. */
export interface Telling {
  readonly event: ConversationEvent
  /** The end in its strand. */
  readonly end: number
  /** Whether it reads to the end of the content around it. */
  readonly toEnd: boolean
}

/** Content that comes in pieces of messages. */
export interface Feeding {
  readonly key: string
  readonly take: (word: GrownWord, start: number) => void
  readonly around: Feeding | null
}

export interface OpenTurn {
  readonly turn: Turn
  chosen: string | null
}

/** Where a part is laid out. */
export interface Lane {
  readonly strands: { readonly [S in Side]: Strand }
  readonly turn: OpenTurn | null
  readonly guards: { readonly [S in Side]: UnlessNode | null }
  readonly feeding: Feeding | null
  readonly isDeparture: boolean
  readonly isHeeded: boolean
  readonly tell: (telling: Telling) => void
}

/** Lays out a generated session, part by part. */
export interface Lays {
  /** A strand for the content of frames or pieces. */
  readonly strand: (side: Side, within: ReadonlyArray<string>) => Strand
  /** The next moment. */
  readonly time: () => number
  /** Collects the bytes of a side, unless they are inside other content. */
  readonly hand: (lane: Lane, content: Omit<MadeContent, 'turn'>) => void
  readonly lay: (grown: Grown, lane: Lane) => void
}
