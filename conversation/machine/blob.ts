import type { Protocol } from '../../combinators/protocol.js'
import type { BlobNode, Delimiter } from '../node.js'
import type { Ear } from './ear.js'
import type { Meter } from './meter.js'
import type { Scope } from './scope.js'
import type { Talk } from './talk.js'

/** Lets bytes pass to their end. */
export function* hearBlob({ side, key, delimiter }: BlobNode, scope: Scope): Talk<null> {
  const { host, turn, within } = scope
  const ear = scope.ears[side]
  const meter = host.meter(side, key)
  const position = ear.begin()
  // Of bytes that others carry it is not known before where the first will lie.
  yield* ear.feed.any()
  const start = ear.offsetOf(position)
  yield* delimiter === null ? toTheEnd(ear, meter) : toItsEnd(key, delimiter, ear, meter, host.plans.protocol)
  // What an agreement on several messages is given of it.
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
  })
  return null
}

function* toTheEnd(ear: Ear, meter: Meter): Talk<void> {
  const { feed } = ear
  for (let bytes = yield* feed.some(Infinity); bytes.length > 0; bytes = yield* feed.some(Infinity)) {
    meter.push(bytes)
    ear.keep(feed.offset)
  }
}

function* toItsEnd(
  key: string,
  { name, open }: Delimiter,
  ear: Ear,
  meter: Meter,
  agreed: Partial<Protocol>,
): Talk<void> {
  const { feed } = ear
  const delimiting = open(feed.offset, agreed)
  for (;;) {
    if (!(yield* feed.any())) {
      throw ear.broken([key], delimiting.finish())
    }
    const bytes = feed.view
    const step = delimiting.push(bytes)
    if ('_tag' in step) {
      throw ear.broken([key], step)
    }
    if (!step.over && step.used !== bytes.length) {
      throw new Error(`${name} took ${step.used} of ${bytes.length} bytes, and is not over`)
    }
    meter.push(bytes.subarray(0, step.used))
    feed.skip(step.used)
    if (step.over) {
      return
    }
    ear.keep(delimiting.keptFrom)
  }
}
