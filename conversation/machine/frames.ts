import * as words from '../../combinators/words.js'
import type { CarriedNode, Frames } from '../node.js'
import { mostAtOnce } from './blob.js'
import { notYet } from './feed.js'
import { tellFlowed } from './flowed.js'
import { Inside } from './inside.js'
import type { Run, Scope, Voice } from './scope.js'
import { type Talk, toldIfBroken } from './talk.js'

/** Reads the content of frames, up to the end frame. */
export function* hearFrames(node: CarriedNode, way: Frames, scope: Scope, run: Run): Talk<null> {
  const { side, key } = node
  const ear = scope.ears[side]
  const { feed } = ear
  const { host } = scope
  const meter = host.meter(side, key, scope.within)
  if (host.pause !== null) {
    yield* host.pause()
  }
  yield* feed.any()
  const inside = new Inside(node, scope, run, ear.offsetOf(feed.offset), meter)
  return yield* toldIfBroken(takeFrames(node, way, scope, inside), (issue) => meter.fail(issue))
}

function* takeFrames({ side, key }: CarriedNode, way: Frames, scope: Scope, inside: Inside): Talk<null> {
  const ear = scope.ears[side]
  const { feed } = ear
  const { meter } = inside
  for (;;) {
    const start = ear.begin()
    const now = feed.now(way.length, scope.host.plans)
    const length = Number(now !== notYet ? now : yield* ear.value([key], way.length, scope.host.plans))
    const body = feed.offset
    if (length === 0) {
      const missing = inside.close()
      inside.flowed(ear.offsetOf(body - 1) + 1)
      if (missing !== null) {
        // A side that learns meanwhile of a failure may end the frames before their content ends.
        const tell = () => inside.tell(missing)
        scope.late === null || scope.host.tellsCutShort === true ? tell() : scope.late.push(tell)
      }
      return null
    }
    if (length < 0) {
      throw ear.broken([key], {
        _tag: 'InvalidValue',
        offset: start,
        path: [],
        expected: 'a length',
        actual: String(length),
        grammar: 'frame',
      })
    }
    inside.pieces++
    for (let left = length; left > 0; ) {
      const position = ear.begin()
      const bytes = yield* feed.some(Math.min(left, mostAtOnce))
      if (bytes.length === 0) {
        throw ear.broken([key], {
          _tag: 'UnexpectedEnd',
          offset: start,
          path: [],
          expected: words.bytesCount(body - start + length),
          actual: words.bytesCount(body - start + length - left),
          grammar: 'frame',
          missing: left,
        })
      }
      inside.push(bytes, ear, position)
      left -= bytes.length
      if (meter.isFull) {
        yield* meter.room()
      }
    }
  }
}

/** Sends the content of frames, and the end frame. */
export function* speakFrames(node: CarriedNode, way: Frames, scope: Scope, voice: Voice): Talk<null> {
  const { side, key } = node
  const { host, within } = scope
  const meter = host.meter(side, key, within)
  yield* voice.bytes(nothing)
  const start = voice.position
  let pieces = 0
  voice.pledges(way.brokenOff)
  for (;;) {
    const chunk = yield* voice.chunk(node, scope, mostAtOnce)
    if (chunk === null) {
      break
    }
    if (chunk.length > 0) {
      pieces++
      meter.push(chunk)
      yield* voice.put(way.length, chunk.length, key, chunk)
    }
  }
  yield* voice.put(way.length, 0, key)
  voice.pledges(null)
  tellFlowed(node, scope, voice, meter, { start, pieces })
  return null
}

const nothing = new Uint8Array(0)
