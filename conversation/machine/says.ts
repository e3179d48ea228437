import type { SaysNode } from '../node.js'
import { type Heard, type Scope, valueAt } from './scope.js'
import type { Talk } from './talk.js'

/** Hears one message. */
export function* hearWord(node: SaysNode, scope: Scope): Talk<null> {
  const { side, key, grammar, atMost } = node
  const { host, said, turn, within } = scope
  const ear = scope.ears[side]
  const start = ear.begin()
  const value = yield* ear.value([key], grammar, host.plans)
  const heard: Heard = { value, ear, start, offset: ear.offsetOf(start) }
  if (atMost !== null) {
    checkLength(key, heard, atMost.join('.'), Number(valueAt(said.get(atMost[0]).value, atMost)))
  }
  said.add(key, heard)
  const { offset } = heard
  host.tell({
    kind: 'said',
    side,
    key,
    within,
    turn: turn?.turn ?? null,
    start: offset,
    end: ear.endOf(start, offset),
    value,
  })
  for (let taker = scope.pieces; taker !== null; taker = taker.around) {
    if (taker.key === key) {
      taker.take(node, heard)
    }
  }
  return null
}

/** @throws Break for a message that is longer than the other side said. */
const checkLength = (key: string, { value, ear, start }: Heard, place: string, maximum: number): void => {
  const { length = 0 } = value as { readonly length?: number }
  if (length > maximum) {
    throw ear.broken([key], {
      _tag: 'LimitExceeded',
      offset: start,
      path: [],
      expected: `a length of at most ${maximum}, as ${place} says`,
      actual: `a length of ${length}`,
      grammar: key,
      limit: value instanceof Uint8Array || typeof value === 'string' ? 'string' : 'collection',
      maximum,
    })
  }
}
