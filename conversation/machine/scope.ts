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

/** How a node was left: null at its end; the name of a loop that is begun again; a side ended the conversation. */
export type Exit = string | typeof closed | typeof departed | null

/** Follows a node. Each kind is given it for what is inside. */
export type Run = (node: FlowNode, scope: Scope) => Talk<Exit>

/** Who follows a conversation. */
export interface Host {
  /** How messages are read under what has been agreed on. */
  readonly plans: Plans
  agree(given: Partial<Protocol>): void
  tell(event: ConversationEvent): void
  /** Tells what is wrong at once, since it will stay so. */
  tellBroken(breaks: ReadonlyArray<Break>): void
  /** What measures bytes that flow; `within`: the keys of what carries them. */
  meter(side: Side, key: string, within: ReadonlyArray<string>): Meter
  /** Whether a case that the protocol does not have is none at all. */
  readonly isStrict: boolean
  /** Whether words inside others are followed also where nothing depends on them. */
  readonly looksInside: boolean
  /** A side may begin a turn, and nothing else is due. */
  rests(): void
  /** Waits until more may be heard; null: it may. */
  readonly pause: (() => Talk<void>) | null
  /** What was said decided that the flow goes round or ends here. */
  leaves(value: unknown): void
  /** One message, if it can be had without waiting. */
  readonly now?: ((node: SaysNode, scope: Scope) => unknown | typeof notYet) | undefined
  /** Hears one message, where that is not to read it. */
  readonly hear?: ((node: SaysNode, scope: Scope) => Talk<unknown>) | undefined
  /** Whether what was cut short while the other side failed is wrong too. */
  readonly tellsCutShort?: boolean | undefined
  /** Whether what a side says when it breaks off says all: then its end is not waited for. */
  readonly isFarewell?: ((key: string, value: unknown) => boolean) | undefined
  /** Whether it goes on behind what is wrong and loses no place; who does so tells it. */
  readonly passes?: ((found: Break, scope: Scope) => boolean) | undefined
}

/** One message that has been said. */
export interface Spoken {
  readonly value: unknown
  /** The offset of its first byte, and that of the byte behind the last. */
  readonly start: number
  readonly end: number
}

/** Speaks for a side: finds the words, and puts them where the other side hears them. */
export interface Voice {
  /** Says one message, as soon as it is known. @throws Break for a value without a form. */
  say(node: SaysNode, scope: Scope): Talk<Spoken>
  /** The same, if nothing is to be waited for; else nothing has been said. */
  readonly sayNow?: ((node: SaysNode, scope: Scope) => Spoken | typeof notYet) | undefined
  /** Puts a value beside the messages: the length of a frame, with the bytes of the frame, or with none of them. */
  put(grammar: AnyGrammar, value: unknown, key: string, body?: Uint8Array): Talk<void>
  /** What it says if it gives up from here on; null: nothing. */
  pledges(last: Frames['brokenOff']): void
  bytes(chunk: Uint8Array): Talk<void>
  /** What flows next, at most so much; null at its end, and where it is no longer wanted. @throws Break if it fails. */
  chunk(node: BlobNode | CarriedNode, scope: Scope, most: number): Talk<Uint8Array | null>
  /** Whether there is one more round of a loop that goes on as long as this side begins one. */
  more(node: LoopNode, scope: Scope): boolean | Talk<boolean>
  /** Whether it breaks off now, and says so. */
  departs(node: UnlessNode, by: Break): boolean
  /** What is wrong with what this side has to say. */
  broken(key: string, issue: Issue): Break
  /** Bytes that end before their end, since they are no longer wanted. */
  breaksOff(key: string): void
  /** Nothing more is to be said in this turn. */
  silent(): void
  /** How many bytes have been put. */
  readonly position: number
}

/** What was said under a key, heard or spoken. */
export interface Heard {
  readonly value: unknown
  readonly ear: Ear
  /** Where it begins: in the feed, and in the stream of its side. */
  readonly start: number
  readonly offset: number
}

/** All that was said and still counts. */
export class Said {
  readonly #own = new Map<string, Heard>()
  readonly #around: Said | null

  constructor(around: Said | null = null) {
    this.#around = around
  }

  add(key: string, heard: Heard): void {
    this.#own.set(key, heard)
  }

  /** A flow that asks for what was not said is refused when it is built. */
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

/** A turn that goes on. */
export interface OpenTurn {
  readonly turn: Turn
  chosen: string | null
  lacking: boolean
}

/** What carries others in pieces of what is said in it. */
export interface PieceTaker {
  /** That of the words with the pieces. */
  readonly key: string
  readonly way: Pieces
  /** Takes a piece that was heard. */
  take(says: SaysNode, heard: Heard): void
  /** The next piece to say, null at the end of them; null: they are heard. */
  readonly next: ((most: number) => Talk<Uint8Array | null>) | null
  /** Whether all of it has come. */
  readonly isWhole: boolean
  readonly around: PieceTaker | null
}

/** Tells those who speak at once with a part that has left that they are no longer wanted. */
export interface Halt {
  isSet: boolean
  readonly bell: Bell
  readonly around: Halt | null
}

/** Whether what is said here is no longer wanted. */
export const isHalted = (halt: Halt | null): boolean => halt !== null && (halt.isSet || isHalted(halt.around))

/** Waits until it is no longer wanted. */
export const untilHalted = (halt: Halt | null): ReadonlyArray<Wait> =>
  halt === null ? [] : [...halt.bell.next(), ...untilHalted(halt.around)]

/** Where a node stands. */
export interface Scope {
  readonly host: Host
  /** Of a side that is spoken nothing is heard. */
  readonly ears: { readonly [S in Side]: Ear }
  /** Null for the sides that are heard. */
  readonly voices: Voices
  readonly said: Said
  readonly turn: OpenTurn | null
  /** The keys of what carries these words, the outermost first. */
  readonly within: ReadonlyArray<string>
  readonly pieces: PieceTaker | null
  /** What is wrong only if no part of those at once leaves; null where nothing else is said at once. */
  readonly late: Array<() => void> | null
  readonly halt: Halt | null
  /** Whether a side that is spoken may have to say more in this turn, behind this. */
  readonly rest: boolean
  /** What a side may break off here, the innermost first. */
  readonly guards: ReadonlyArray<UnlessNode>
  /** What the gates ask instead of what was agreed on, in a case that the protocol does not have. */
  readonly nearest?: Agreed
}

export type Voices = { readonly [S in Side]: Voice | null }

/** Where a conversation begins. */
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

/** What stands at a place in what was said. */
export const valueAt = (value: unknown, [, ...fields]: Place): unknown =>
  fields.reduce<unknown>(
    (at, field) =>
      typeof at === 'object' && at !== null ? (at as { readonly [key: string]: unknown })[field] : undefined,
    value,
  )
