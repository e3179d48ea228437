import type { Protocol } from '../../combinators/protocol.js'
import type {
  ConversationEvent,
  FlowedEvent,
  SaidEvent,
  Turn,
  TurnBegunEvent,
  TurnOverEvent,
} from '../../conversation/events.js'
import { type Observer, observe } from '../../conversation/observer/observe.js'
import type { Side } from '../events.js'
import type { FlowPart, FlowSessionEvent } from './flow-events.js'
import type { OwnConversation } from './own-protocol.js'

/** A part that is not over. */
interface OpenPart {
  readonly begun: TurnBegunEvent | null
  readonly words: Array<FlowPart['words'][number]>
  omitted: number
  readonly client: { start: number; end: number }
  readonly server: { start: number; end: number }
  /** When its first and last message came, in milliseconds since 1970; null if that is not known. */
  began: number | null
  ended: number | null
}

// Further messages of a turn are only counted.
const mostWords = 1000

/**
 * Follows a conversation of the user's own from outside, as `SessionDecoder` follows that with a daemon: messages are
 * reported turn by turn, and those outside of turns as parts of their own.
 *
 * The events are the same however the bytes are cut and whichever side comes first, except for messages sent at once.
 */
export class FlowSession {
  readonly #observer: Observer
  readonly #offsets: { [S in Side]: number } = { client: 0, server: 0 }
  /** The innermost turn is the last; the first entry is the part outside of turns. */
  #open: ReadonlyArray<OpenPart>
  #at: number | null = null
  /** A turn that an issue ends is reported before the issue. */
  #broken: Turn | null = null

  /** @throws TypeError for a conversation that depends on an unknown version. */
  constructor({ flow, protocol }: OwnConversation) {
    this.#observer = observe(flow, { protocol })
    this.#open = [this.#part(null)]
  }

  /** The protocol negotiated so far. */
  get protocol(): Partial<Protocol> {
    return this.#observer.protocol
  }

  /** Whether it waits for this side: if both are available, the one to read next. */
  wants(side: Side): boolean {
    return this.#observer.wants(side)
  }

  /** Takes bytes of one side, which are not kept after the call; `at` is when they came. */
  push(side: Side, bytes: Uint8Array, at: number | null = null): ReadonlyArray<FlowSessionEvent> {
    this.#at = at
    return this.#told(this.#observer.push(side, bytes))
  }

  /** Ends one side. */
  end(side: Side, at: number | null = null): ReadonlyArray<FlowSessionEvent> {
    this.#at = at
    return this.#told(this.#observer.end(side))
  }

  /** The unfinished turn, as far as it has come. */
  get pending(): ReadonlyArray<FlowPart> {
    return this.#open.filter(isSpoken).map((part) => this.#closed(part, null))
  }

  #told(events: ReadonlyArray<ConversationEvent>): ReadonlyArray<FlowSessionEvent> {
    return events.flatMap((event) => this.#tell(event))
  }

  #tell(event: ConversationEvent): ReadonlyArray<FlowSessionEvent> {
    switch (event.kind) {
      case 'said':
      case 'flowed':
        this.#add(event)
        return []
      case 'turn':
        return event.is === 'begun' ? this.#begin(event) : this.#over(event)
      case 'issue':
        return [{ ...event, during: this.#during }]
      case 'end':
        return [...this.#rest(), { ...event }]
    }
  }

  get #last(): OpenPart {
    return this.#open.at(-1) as OpenPart
  }

  get #during(): string | null {
    const turn = this.#last.begun?.turn ?? this.#broken
    return turn === null ? null : `turn ${turn.number} of ${turn.loop}`
  }

  #part(begun: TurnBegunEvent | null): OpenPart {
    const { client, server } = this.#offsets
    return {
      begun,
      words: [],
      omitted: 0,
      client: { start: client, end: client },
      server: { start: server, end: server },
      began: null,
      ended: null,
    }
  }

  #add(event: SaidEvent | FlowedEvent): void {
    const part = this.#last
    const { side, key, within, start, end } = event
    if (within.length === 0) {
      const range = part[side]
      range.start = range.start === range.end ? start : range.start
      range.end = end
      this.#offsets[side] = end
    }
    part.began ??= this.#at
    part.ended = this.#at
    if (part.words.length === mostWords) {
      part.omitted++
      return
    }
    const { protocol } = this.#observer
    part.words.push(
      event.kind === 'said'
        ? { kind: 'said', side, key, within, start, end, value: event.value, protocol }
        : { kind: 'flowed', side, key, within, start, end, size: event.size, pieces: event.pieces },
    )
  }

  /** Begins a turn. The messages before the first turn of a loop are reported then. */
  #begin(event: TurnBegunEvent): ReadonlyArray<FlowSessionEvent> {
    const before = this.#open.length === 1 ? this.#rest() : []
    this.#open = [...this.#open, this.#part(event)]
    return before
  }

  #over(event: TurnOverEvent): ReadonlyArray<FlowSessionEvent> {
    const part = this.#last
    if (part.begun === null) {
      return []
    }
    this.#open = this.#open.slice(0, -1)
    this.#broken = event.how === 'broken' ? event.turn : null
    // A turn that ends before its first message did not happen.
    return event.how === 'closed' && !isSpoken(part) ? [] : [this.#closed(part, event)]
  }

  /** The part outside of turns. */
  #rest(): ReadonlyArray<FlowSessionEvent> {
    const [part] = this.#open
    this.#open = [this.#part(null), ...this.#open.slice(1)]
    return part !== undefined && isSpoken(part) ? [this.#closed(part, null)] : []
  }

  #closed(part: OpenPart, over: TurnOverEvent | null): FlowPart {
    const { begun, words, omitted, client, server, began, ended } = part
    return {
      kind: 'part',
      turn: begun?.turn ?? null,
      name: over?.chosen ?? null,
      how: over?.how ?? null,
      to: over?.to ?? null,
      lacking: over?.lacking ?? false,
      words,
      omitted,
      client: [client.start, client.end],
      server: [server.start, server.end],
      began,
      ended,
    }
  }
}

const isSpoken = ({ words }: OpenPart): boolean => words.length > 0
