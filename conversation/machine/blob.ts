import type { Issue } from '../../combinators/issue.js'
import type { BlobNode, Delimiter, Delimiting } from '../node.js'
import type { Ear } from './ear.js'
import { tellFlowed } from './flowed.js'
import type { Meter } from './meter.js'
import { isHalted, type Scope, type Voice } from './scope.js'
import { type Talk, toldIfBroken } from './talk.js'

/** The most streamed bytes that are sent or passed on at once. */
export const mostAtOnce = 65536

/** Lets bytes pass up to their end. */
export function* hearBlob({ side, key, delimiter }: BlobNode, scope: Scope): Talk<null> {
  const { host, turn, within } = scope
  const ear = scope.ears[side]
  const meter = host.meter(side, key, within)
  if (host.pause !== null) {
    yield* host.pause()
  }
  const position = ear.begin()
  // Inside frames or pieces, the place of the first byte is not known before it comes.
  yield* ear.feed.any()
  const start = ear.offsetOf(position)
  const passing = delimiter === null ? toTheEnd(ear, meter) : toItsEnd(key, delimiter, ear, meter, scope)
  const summary = yield* toldIfBroken(passing, (issue) => meter.fail(issue))
  meter.end()
  // An agreement on several messages gets the size of the bytes.
  scope.said.add(key, { value: meter.size, ear, start: position, offset: start })
  host.tell({
    kind: 'flowed',
    side,
    key,
    within,
    turn: turn?.turn ?? null,
    start,
    end: ear.endOf(position, start),
    size: meter.size,
    pieces: null,
    trailing: 0,
    digest: meter.digest(),
    ...(summary === undefined ? {} : { summary }),
  })
  return null
}

function* toTheEnd(ear: Ear, meter: Meter): Talk<unknown> {
  const { feed } = ear
  for (let bytes = yield* feed.some(mostAtOnce); bytes.length > 0; bytes = yield* feed.some(mostAtOnce)) {
    meter.push(bytes)
    ear.keep(feed.offset)
    if (meter.isFull) {
      yield* meter.room()
    }
  }
  return undefined
}

function* toItsEnd(
  key: string,
  { name, open }: Delimiter,
  ear: Ear,
  meter: Meter,
  scope: Scope,
): Talk<unknown> {
  const { feed } = ear
  const { host } = scope
  const delimiting = open(feed.offset, host.plans.protocol)
  for (;;) {
    if (!(yield* feed.any())) {
      throw ear.broken([key], delimiting.finish())
    }
    const bytes = feed.view.subarray(0, mostAtOnce)
    const step = delimiting.push(bytes)
    for (const issue of delimiting.takeFound?.() ?? []) {
      const found = ear.broken([key], issue)
      if (host.passes?.(found, scope) !== true) {
        throw found
      }
    }
    if ('_tag' in step) {
      throw ear.broken([key], step)
    }
    if (!step.over && step.used !== bytes.length) {
      throw new Error(`${name} used ${step.used} of ${bytes.length} bytes, but has not found the end`)
    }
    meter.push(bytes.subarray(0, step.used))
    feed.skip(step.used)
    if (step.over) {
      return delimiting.summary?.()
    }
    ear.keep(delimiting.keptFrom, delimiting.issuesFrom)
    if (meter.isFull) {
      yield* meter.room()
    }
  }
}

/** Sends streamed bytes up to their end. */
export function* speakBlob(node: BlobNode, scope: Scope, voice: Voice): Talk<null> {
  const { side, key, delimiter } = node
  const { host, within } = scope
  const meter = host.meter(side, key, within)
  const first = yield* voice.chunk(node, scope, mostAtOnce)
  yield* voice.bytes(nothing)
  const start = voice.position
  const delimiting = delimiter?.open(start, host.plans.protocol) ?? null
  let isOver = false
  for (let chunk = first; chunk !== null; chunk = yield* voice.chunk(node, scope, mostAtOnce)) {
    const step: ReturnType<Delimiting['push']> | undefined = isOver
      ? { used: 0, over: true }
      : delimiting?.push(chunk)
    if (step !== undefined) {
      if ('_tag' in step) {
        throw voice.broken(key, step)
      }
      if (step.used < chunk.length) {
        throw voice.broken(key, behindItsEnd(key, voice.position + step.used))
      }
      isOver = step.over
    }
    meter.push(chunk)
    yield* voice.bytes(chunk)
  }
  if (delimiting !== null && !isOver) {
    if (!isHalted(scope.halt)) {
      throw voice.broken(key, delimiting.finish())
    }
    voice.breaksOff(key)
  }
  tellFlowed(node, scope, voice, meter, { start, pieces: null })
  return null
}

const nothing = new Uint8Array(0)

const behindItsEnd = (grammar: string, offset: number): Issue => ({
  _tag: 'TrailingBytes',
  offset,
  path: [],
  expected: 'the end of the bytes',
  actual: 'more of them',
  grammar,
})
