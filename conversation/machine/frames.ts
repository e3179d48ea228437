import * as words from '../../combinators/words.js'
import type { CarriedNode, Frames } from '../node.js'
import { Inside } from './inside.js'
import type { Run, Scope } from './scope.js'
import type { Talk } from './talk.js'

/** Hears what is carried in frames, up to the end frame. */
export function* hearFrames(node: CarriedNode, way: Frames, scope: Scope, run: Run): Talk<null> {
  const { side, key } = node
  const ear = scope.ears[side]
  const { feed } = ear
  yield* feed.any()
  const inside = new Inside(node, scope, run, ear.offsetOf(feed.offset))
  for (;;) {
    const start = ear.begin()
    const length = Number(yield* ear.value([key], way.length, scope.host.plans))
    const body = feed.offset
    if (length === 0) {
      const missing = inside.close()
      inside.flowed(ear.offsetOf(body - 1) + 1)
      if (missing !== null) {
        // Who is told meanwhile that it failed ends the frames before the content does.
        const tell = () => inside.tell(missing)
        scope.late === null ? tell() : scope.late.push(tell)
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
      const bytes = yield* feed.some(left)
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
    }
  }
}
