import type { SaysNode } from '../node.js'
import type { Ear } from './ear.js'
import { notYet } from './feed.js'
import { type Heard, type Scope, type Spoken, type Voice, valueAt } from './scope.js'
import { Break, type Talk } from './talk.js'

/** Receives one message. */
export function* hearWord(node: SaysNode, scope: Scope): Talk<null> {
  const { key, grammar } = node
  const { host } = scope
  const ear = scope.ears[node.side]
  if (host.pause !== null) {
    yield* host.pause()
  }
  const start = ear.begin()
  const now = read(node, scope, ear)
  const value =
    now !== notYet
      ? now
      : yield* host.hear === undefined ? ear.value([key], grammar, host.plans) : host.hear(node, scope)
  heardWord(node, scope, { value, ear, start, offset: ear.offsetOf(start) })
  return null
}

/** The same, if it has arrived. */
export const hearWordNow = (node: SaysNode, scope: Scope): null | typeof notYet => {
  const ear = scope.ears[node.side]
  if (scope.host.pause !== null || ear.feed.unread === 0) {
    return notYet
  }
  const start = ear.begin()
  const value = read(node, scope, ear)
  if (value === notYet) {
    return notYet
  }
  heardWord(node, scope, { value, ear, start, offset: ear.offsetOf(start) })
  return null
}

const read = (node: SaysNode, scope: Scope, ear: Ear): unknown | typeof notYet => {
  const { host } = scope
  return host.now === undefined ? ear.feed.now(node.grammar, host.plans) : host.now(node, scope)
}

const heardWord = (node: SaysNode, scope: Scope, heard: Heard): void => {
  const { side, key } = node
  const { host, said, turn, within } = scope
  const { value, ear, start, offset } = heard
  expectLength(node, heard, scope)
  said.add(key, heard)
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
}

/** Sends one message. */
export function* sayWord(node: SaysNode, scope: Scope, voice: Voice): Talk<null> {
  saidWord(node, scope, yield* voice.say(node, scope))
  return null
}

/** The same, if it is available and there is room. */
export const sayWordNow = (node: SaysNode, scope: Scope, voice: Voice): null | typeof notYet => {
  const spoken = voice.sayNow === undefined ? notYet : voice.sayNow(node, scope)
  if (spoken === notYet) {
    return notYet
  }
  saidWord(node, scope, spoken)
  return null
}

const saidWord = (node: SaysNode, scope: Scope, { value, start, end }: Spoken): void => {
  const { side, key } = node
  const { host, said, turn, within } = scope
  said.add(key, { value, ear: scope.ears[side], start, offset: start })
  host.tell({ kind: 'said', side, key, within, turn: turn?.turn ?? null, start, end, value })
}

/** The most bytes or items of a message. */
export const mostOf = ({ atMost }: SaysNode, { said }: Scope): number =>
  atMost === null ? Number.POSITIVE_INFINITY : Number(valueAt(said.get(atMost[0]).value, atMost))

const expectLength = (node: SaysNode, heard: Heard, scope: Scope): void => {
  if (node.atMost === null) {
    return
  }
  try {
    checkLength(node, heard, scope)
  } catch (error) {
    if (!(error instanceof Break) || scope.host.passes?.(error, scope) !== true) {
      throw error
    }
  }
}

/** @throws Break for a message that is longer than the other side allowed. */
export const checkLength = (
  node: SaysNode,
  { value, ear, start }: Pick<Heard, 'value' | 'ear' | 'start'>,
  scope: Scope,
): void => {
  const { key, atMost } = node
  const maximum = mostOf(node, scope)
  const { length = 0 } = (value ?? {}) as { readonly length?: number }
  if (atMost !== null && length > maximum) {
    throw ear.broken([key], {
      _tag: 'LimitExceeded',
      offset: start,
      path: [],
      expected: `a length of at most ${maximum}, as ${atMost.join('.')} says`,
      actual: `a length of ${length}`,
      grammar: key,
      limit: value instanceof Uint8Array || typeof value === 'string' ? 'string' : 'collection',
      maximum,
    })
  }
}
