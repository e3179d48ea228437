import type { ConversationEvent, Turn } from '../../conversation/events.js'
import type { Side, UnlessNode } from '../../conversation/node.js'
import type { Grown, GrownWord } from './grown.js'
import type { MadeContent } from './session.js'
import type { Strand } from './strand.js'

/** What is told, with places in the strand of its side. */
export interface Telling {
  readonly event: ConversationEvent
  /** Where it ends in its strand. */
  readonly end: number
  /** Whether it goes on to the end of what carries it. */
  readonly toEnd: boolean
}

/** Content that comes in pieces of words. */
export interface Feeding {
  readonly key: string
  readonly take: (word: GrownWord, start: number) => void
  readonly around: Feeding | null
}

export interface OpenTurn {
  readonly turn: Turn
  chosen: string | null
}

/** Where a part is laid. */
export interface Lane {
  readonly strands: { readonly [S in Side]: Strand }
  readonly turn: OpenTurn | null
  readonly guards: { readonly [S in Side]: UnlessNode | null }
  readonly feeding: Feeding | null
  readonly isDeparture: boolean
  readonly isHeeded: boolean
  readonly tell: (telling: Telling) => void
}

/** Lays out what has grown, part by part. */
export interface Lays {
  /** A strand for what others carry. */
  readonly strand: (side: Side, within: ReadonlyArray<string>) => Strand
  /** The next moment. */
  readonly time: () => number
  /** Keeps what a side hands over, unless others carry it. */
  readonly hand: (lane: Lane, content: Omit<MadeContent, 'turn'>) => void
  readonly lay: (grown: Grown, lane: Lane) => void
}
