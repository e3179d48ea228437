import type { Protocol } from '../../combinators/protocol.js'
import { other } from '../checks/facts.js'
import type { ConversationEvent } from '../events.js'
import type { Side, UnlessNode } from '../node.js'
import type { Meter } from './meter.js'
import { departed, type Exit, type Host, type Run, type Scope } from './scope.js'
import { joinedBreak, settled, type Talk } from './talk.js'

/**
 * A flow that a side may break off. It has if it still speaks when the flow is over; if its words cannot be read, and what
 * stands there is what it says when it departs. If the words of the other side cannot be read, that is told, and then
 * what this one says to it.
 */
export function* hearUnless(node: UnlessNode, scope: Scope, run: Run): Talk<Exit> {
  const ear = scope.ears[node.side]
  const letGo = ear.guard()
  try {
    const ending = yield* settled(run(node.flow, scope))
    if (ending._tag === 'Done') {
      if (ending.value !== null || !(yield* ear.feed.any())) {
        return ending.value
      }
      yield* run(node.departs, scope)
      return departed
    }
    const { all } = ending.by
    const others = all.filter(({ feed }) => feed !== ear.feed)
    const isIts = others.length < all.length
    if (!scope.ears[other(node.side)].isGuarded) {
      scope.host.tellBroken(others)
    }
    const departs = (!isIts || ear.rewind()) && (yield* hearDeparture(node, scope, run))
    if (others.length > 0) {
      throw joinedBreak(departs ? others : all)
    }
    if (!departs) {
      throw ending.by
    }
    return departed
  } finally {
    letGo()
  }
}

/** Whether a departure stands here. If none does nothing is told of what was taken for one. */
function* hearDeparture(node: UnlessNode, scope: Scope, run: Run): Talk<boolean> {
  const { feed } = scope.ears[node.side]
  const { offset } = feed
  const held = new Held(scope.host)
  const ending = yield* settled(run(node.departs, { ...scope, host: held }))
  const departs = ending._tag === 'Done' && feed.offset > offset
  if (departs) {
    held.release()
  }
  return departs
}

// What is wrong in that many words is a departure with a fault, and holding more would take memory without end.
const heldAtMost = 1000

/** Holds back what is told, until it is known to be true. */
class Held implements Host {
  readonly #host: Host
  #events: Array<ConversationEvent> | null = []

  constructor(host: Host) {
    this.#host = host
  }

  get plans(): Host['plans'] {
    return this.#host.plans
  }

  agree(given: Partial<Protocol>): void {
    this.#host.agree(given)
  }

  meter(side: Side, key: string): Meter {
    return this.#host.meter(side, key)
  }

  tell(event: ConversationEvent): void {
    if (this.#events === null) {
      this.#host.tell(event)
    } else {
      this.#events.push(event)
      if (this.#events.length > heldAtMost) {
        this.release()
      }
    }
  }

  tellBroken(): void {
    // It is known to be true when all of it is.
  }

  release(): void {
    const events = this.#events ?? []
    this.#events = null
    for (const event of events) {
      this.#host.tell(event)
    }
  }
}
