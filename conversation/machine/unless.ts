import type { Protocol } from '../../combinators/protocol.js'
import { other } from '../checks/facts.js'
import type { ConversationEvent } from '../events.js'
import type { Side, UnlessNode } from '../node.js'
import type { Meter } from './meter.js'
import { departed, type Exit, type Host, type Run, type Scope, type Voice } from './scope.js'
import { type Break, isNote, joinedBreak, settled, type Talk } from './talk.js'

/**
 * A flow that a side may break off. It has broken off if it still sends when the flow is over, or if its bytes cannot
 * be read as the flow but as its departure. If the bytes of the other side cannot be read, that is reported, and then
 * this side's answer to it.
 */
export function* hearUnless(node: UnlessNode, scope: Scope, run: Run): Talk<Exit> {
  const voice = scope.voices[node.side]
  const guards = [node, ...scope.guards]
  if (voice !== null) {
    return yield* speakUnless(node, { ...scope, guards }, voice, run)
  }
  const ear = scope.ears[node.side]
  const letGo = ear.guard()
  try {
    const ending = yield* settled(run(node.flow, { ...scope, guards }))
    if (ending._tag === 'Broken') {
      return yield* hearBreakingOff(node, scope, ending.by, run)
    }
    if (ending.value !== null || !(yield* ear.feed.any())) {
      return ending.value
    }
    const isWaitedFor = scope.host.isFarewell === undefined
    yield* isWaitedFor ? run(node.departs, scope) : hearFarewell(node, scope, new Held(scope.host, 0), run)
    return departed
  } finally {
    letGo()
  }
}

/** A message could not be read, perhaps because this side breaks off. @throws Break if it does not. */
export function* hearBreakingOff(node: UnlessNode, scope: Scope, by: Break, run: Run): Talk<Exit> {
  const ear = scope.ears[node.side]
  const { all } = by
  const others = all.filter(({ feed }) => feed !== ear.feed)
  const isIts = others.length < all.length
  if (!scope.ears[other(node.side)].isGuarded) {
    scope.host.tellBroken(others)
  }
  const { offset } = ear.feed
  // An issue in padding is not the beginning of a departure, and no more bytes need come.
  const mayDepart = !isIts || (by.issue._tag !== 'NonZeroPadding' && ear.rewind())
  const departs = mayDepart && (yield* hearDeparture(node, scope, run))
  if (!departs && isIts) {
    ear.feed.rewind(offset)
  }
  if (others.length > 0) {
    throw joinedBreak(departs ? others : all)
  }
  if (!departs) {
    throw by
  }
  return departed
}

/** A side that goes no further sends the reason, if it can. */
function* speakUnless(node: UnlessNode, scope: Scope, voice: Voice, run: Run): Talk<Exit> {
  const ending = yield* settled(run(node.flow, scope))
  if (ending._tag === 'Done') {
    return ending.value
  }
  if (voice.departs(node, ending.by)) {
    yield* settled(run(node.departs, scope))
  }
  throw ending.by
}

/** Whether the next bytes are a departure. If not, the events of the attempt are dropped. */
function* hearDeparture(node: UnlessNode, scope: Scope, run: Run): Talk<boolean> {
  const { feed } = scope.ears[node.side]
  const { offset } = feed
  const held = new Held(scope.host, heldAtMost)
  const ending = yield* settled(hearFarewell(node, scope, held, run))
  const departs = ending._tag === 'Done' && feed.offset > offset
  if (departs) {
    held.release()
  }
  return departs
}

/** Up to its end, or to its last message. */
function* hearFarewell(node: UnlessNode, scope: Scope, held: Held, run: Run): Talk<void> {
  const talk = run(node.departs, { ...scope, host: held })
  for (let step = talk.next(); step.done !== true; step = talk.next()) {
    if (held.isOver && !isNote(step.value)) {
      talk.return(null)
      return
    }
    yield step.value
  }
}

// An issue after that many events belongs to the departure; holding more would need unlimited memory.
const heldAtMost = 1000

/** Holds events back until it is known that they are true. */
class Held implements Host {
  /** Whether the departure is complete. */
  isOver = false
  readonly #host: Host
  readonly #most: number
  #events: Array<ConversationEvent> | null = []

  /** `most`: the number of events it holds. */
  constructor(host: Host, most: number) {
    this.#host = host
    this.#most = most
  }

  get plans(): Host['plans'] {
    return this.#host.plans
  }

  agree(given: Partial<Protocol>): void {
    this.#host.agree(given)
  }

  meter(side: Side, key: string, within: ReadonlyArray<string>): Meter {
    return this.#host.meter(side, key, within)
  }

  get now(): Host['now'] {
    return this.#host.now
  }

  get hear(): Host['hear'] {
    return this.#host.hear
  }

  get tellsCutShort(): Host['tellsCutShort'] {
    return this.#host.tellsCutShort
  }

  get passes(): Host['passes'] {
    return this.#host.passes
  }

  get isStrict(): boolean {
    return this.#host.isStrict
  }

  get looksInside(): boolean {
    return this.#host.looksInside
  }

  get pause(): Host['pause'] {
    return this.#host.pause
  }

  leaves(value: unknown): void {
    this.#host.leaves(value)
  }

  rests(): void {
    this.#host.rests()
  }

  tell(event: ConversationEvent): void {
    this.isOver ||= event.kind === 'said' && this.#host.isFarewell?.(event.key, event.value) === true
    if (this.#events === null) {
      this.#host.tell(event)
    } else {
      this.#events.push(event)
      if (this.#events.length > this.#most) {
        this.release()
      }
    }
  }

  tellBroken(): void {
    // The events are known to be true when all of the departure is.
  }

  release(): void {
    const events = this.#events ?? []
    this.#events = null
    for (const event of events) {
      this.#host.tell(event)
    }
  }
}
