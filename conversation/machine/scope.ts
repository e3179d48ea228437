import type { Issue } from '../../combinators/issue.js'
import type { AnyGrammar } from '../../combinators/node.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import type { Plans } from '../../interpreters/compile/resumable.js'
import type { ConversationEvent, Turn } from '../events.js'
import type {
  BlobNode,
  CarriedNode,
  FlowNode,
  Frames,
  LoopNode,
  Pieces,
  Place,
  SaysNode,
  Side,
  UnlessNode,
} from '../node.js'
import type { Ear } from './ear.js'
import type { notYet } from './feed.js'
import type { Meter } from './meter.js'
import type { Bell, Break, Talk, Wait } from './talk.js'

export const closed: unique symbol = Symbol('closed')
export const departed: unique symbol = Symbol('departed')

/**
 * How a node was left: null at its end; the name of a loop that is repeated; or a side that ended the conversation.
 */
export type Exit = string | typeof closed | typeof departed | null

/** Follows a node. Each kind gets it for the nodes inside. */
export type Run = (node: FlowNode, scope: Scope) => Talk<Exit>

/** What follows a conversation. */
export interface Host {
  /** How messages are read under the negotiated protocol. */
  readonly plans: Plans
  agree(given: Partial<Protocol>): void
  tell(event: ConversationEvent): void
  /** Reports an issue at once, since it is final. */
  tellBroken(breaks: ReadonlyArray<Break>): void
  /** The meter of streamed bytes; `within`: the keys of the frames or pieces around them. */
  meter(side: Side, key: string, within: ReadonlyArray<string>): Meter
  /** Whether a case that the protocol lacks is unknown. */
  readonly isStrict: boolean
  /** Whether messages inside others are followed even if nothing depends on them. */
  readonly looksInside: boolean
  /** A side may begin a turn, and nothing else is due. */
  rests(): void
  /** Waits until more may be received; null if it may. */
  readonly pause: (() => Talk<void>) | null
  /** A message decided that the flow repeats or ends here. */
  leaves(value: unknown): void
  /** One message, if it has arrived. */
  readonly now?: ((node: SaysNode, scope: Scope) => unknown | typeof notYet) | undefined
  /** Receives one message, if that differs from reading it. */
  readonly hear?: ((node: SaysNode, scope: Scope) => Talk<unknown>) | undefined
  /** Whether a stream that was cut short while the other side failed also has an issue. */
  readonly tellsCutShort?: boolean | undefined
  /** Whether the departure of a side is complete with this message: then its end is not awaited. */
  readonly isFarewell?: ((key: string, value: unknown) => boolean) | undefined
  /** Whether reading goes on after an issue whose extent is known, which the host then reports. */
  readonly passes?: ((found: Break, scope: Scope) => boolean) | undefined
}

/** One message that was sent. */
export interface Spoken {
  readonly value: unknown
  /** The offset of its first byte, and that of the byte after the last. */
  readonly start: number
  readonly end: number
}

/** Sends for a side: finds the messages, and passes them to where the other side receives them. */
export interface Voice {
  /** Sends one message, as soon as it is known. @throws Break for an invalid value. */
  say(node: SaysNode, scope: Scope): Talk<Spoken>
  /** The same, if nothing has to be awaited; otherwise nothing was sent. */
  readonly sayNow?: ((node: SaysNode, scope: Scope) => Spoken | typeof notYet) | undefined
  /** Writes a value besides the messages: the length of a frame, with or without the bytes of the frame. */
  put(grammar: AnyGrammar, value: unknown, key: string, body?: Uint8Array): Talk<void>
  /** What it sends if it gives up from here on; null for nothing. */
  pledges(last: Frames['brokenOff']): void
  bytes(chunk: Uint8Array): Talk<void>
  /**
   * The next streamed bytes, at most that many; null at the end, and if they are no longer wanted. @throws Break if it
   * fails.
   */
  chunk(node: BlobNode | CarriedNode, scope: Scope, most: number): Talk<Uint8Array | null>
  /** Whether there is another round of a loop that this side begins. */
  more(node: LoopNode, scope: Scope): boolean | Talk<boolean>
  /** Whether it breaks off now, with a message. */
  departs(node: UnlessNode, by: Break): boolean
  /** The issue in what this side has to send. */
  broken(key: string, issue: Issue): Break
  /** Ends streamed bytes before their end, since they are no longer wanted. */
  breaksOff(key: string): void
  /** Nothing more is sent in this turn. */
  silent(): void
  /** The number of bytes put. */
  readonly position: number
}

/** The message with a key, received or sent. */
export interface Heard {
  readonly value: unknown
  readonly ear: Ear
  /** Where it begins: in the feed, and in the stream of its side. */
  readonly start: number
  readonly offset: number
}

/** All messages that still count. */
export class Said {
  readonly #own = new Map<string, Heard>()
  readonly #around: Said | null

  constructor(around: Said | null = null) {
    this.#around = around
  }

  add(key: string, heard: Heard): void {
    this.#own.set(key, heard)
  }

  /** A flow that refers to a message not sent before is rejected when it is built. */
  get(key: string): Heard {
    for (let said: Said | null = this; said !== null; said = said.#around) {
      const heard = said.#own.get(key)
      if (heard !== undefined) {
        return heard
      }
    }
    throw new Error(`no message with the key ${key} was sent`)
  }
}

/** A turn in progress. */
export interface OpenTurn {
  readonly turn: Turn
  chosen: string | null
  lacking: boolean
}

/** The content whose pieces are in the messages of another flow. */
export interface PieceTaker {
  /** The key of the messages with the pieces. */
  readonly key: string
  readonly way: Pieces
  /** Takes a received piece. */
  take(says: SaysNode, heard: Heard): void
  /** The next piece to send, null after the last; null if pieces are received. */
  readonly next: ((most: number) => Talk<Uint8Array | null>) | null
  /** Whether all of it has come. */
  readonly isWhole: boolean
  readonly around: PieceTaker | null
}

/** Tells parts that run at once with one that has left that they are no longer wanted. */
export interface Halt {
  isSet: boolean
  readonly bell: Bell
  readonly around: Halt | null
}

/** Whether sending here is no longer wanted. */
export const isHalted = (halt: Halt | null): boolean => halt !== null && (halt.isSet || isHalted(halt.around))

/** Waits until it is no longer wanted. */
export const untilHalted = (halt: Halt | null): ReadonlyArray<Wait> =>
  halt === null ? [] : [...halt.bell.next(), ...untilHalted(halt.around)]

/** The context of a node. */
export interface Scope {
  readonly host: Host
  /** Nothing is received for a side that sends. */
  readonly ears: { readonly [S in Side]: Ear }
  /** Null for the sides that are received. */
  readonly voices: Voices
  readonly said: Said
  readonly turn: OpenTurn | null
  /** The keys of the frames or pieces around these messages, the outermost first. */
  readonly within: ReadonlyArray<string>
  readonly pieces: PieceTaker | null
  /** Issues that count only if no part of those at once leaves; null if nothing runs at once. */
  readonly late: Array<() => void> | null
  readonly halt: Halt | null
  /** Whether a sending side may have more messages in this turn, after this node. */
  readonly rest: boolean
  /** What a side may break off here, the innermost first. */
  readonly guards: ReadonlyArray<UnlessNode>
  /** The protocol for gates in a case that the negotiated protocol lacks. */
  readonly nearest?: Agreed
}

export type Voices = { readonly [S in Side]: Voice | null }

/** The context at the beginning of a conversation. */
export const rootScope = (host: Host, ears: Scope['ears'], voices: Voices = nobody): Scope => ({
  host,
  ears,
  voices,
  said: new Said(),
  turn: null,
  within: [],
  pieces: null,
  late: null,
  halt: null,
  rest: true,
  guards: [],
})

const nobody: Voices = { client: null, server: null }

/** The value at a place in an earlier message. */
export const valueAt = (value: unknown, [, ...fields]: Place): unknown =>
  fields.reduce<unknown>(
    (at, field) =>
      typeof at === 'object' && at !== null ? (at as { readonly [key: string]: unknown })[field] : undefined,
    value,
  )
