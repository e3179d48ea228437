import { type FramedNode, nodeName, type ResolvedNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { type Fault, faultMarker, refuseLimit } from '../fault.js'
import type { Input } from '../input.js'
import { Output } from '../output.js'
import type { Builder, Plan, Resume, Write } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { type FrameLimits, Frames, offsetInFrames, writeFrames } from './frames.js'

/**
 * A value cut into frames. The frames come one by one; the value is read after the last one, so it never pauses.
 */
export const framedPlan = (node: FramedNode<ResolvedNode>, { settings, framed: planOf }: Builder): Plan => {
  const inner = planOf(node.inner)
  const { limits, canonical } = settings
  const frameLimits: FrameLimits = { frame: limits.frame, content: limits.string, exact: canonical }
  const resume: Resume = (input, kept) => {
    const frames = (kept as Frames | undefined) ?? new Frames()
    try {
      while (frames.read(input, frameLimits)) {
        // Each iteration reads one frame.
      }
    } catch (error) {
      throw stopReading(input, error, plan, null, [], frames)
    }
    const content = frames.open(input.depth)
    let value: unknown
    try {
      value = inner.read(content)
    } catch (error) {
      input.depth = content.depth
      throw stopReading(input, passOn(input, content, frames, error), plan, inner, [], null)
    }
    frames.checkRest(input, content, frameLimits)
    return value
  }
  const write: Write = (output, value) => {
    const content = new Output()
    content.openGrowing(limits.string)
    content.depth = output.depth
    content.trusted = output.trusted
    try {
      inner.write(content, value)
    } catch (error) {
      output.depth = content.depth
      const thrown = stopWriting(content, error, plan, inner, [])
      if (thrown !== faultMarker) {
        throw thrown
      }
      if (content.fault.tag === 'LimitExceeded' && content.fault.limit === 'message') {
        refuseLimit(output, 'string', limits.string, output.pos - output.start, words.moreInFrames)
      }
      const offset = output.pos - output.start + offsetInFrames(content.fault.offset)
      throw take(output, content, { offset })
    }
    writeFrames(output, content.bytes.subarray(0, content.pos))
  }
  const contentOf = (input: Input): Input => {
    const frames = new Frames()
    while (frames.read(input, frameLimits)) {
      // Each iteration reads one frame.
    }
    return frames.open(0)
  }
  const plan: Plan = {
    name: nodeName(node),
    min: 8,
    wire: 'frame',
    read: resume,
    resume,
    write,
    compare: inner.compare,
    compareWritten: (x, y) => inner.compareWritten(contentOf(x), contentOf(y)),
    skip: (input) => {
      for (;;) {
        const length = input.view.getUint32(input.pos, true)
        input.pos += 8 + length
        if (length === 0) {
          return
        }
      }
    },
  }
  return plan
}

/** Passes an issue in the frames to the input around them, with its offset there. */
const passOn = (input: Input, content: Input, frames: Frames, error: unknown): unknown => {
  if (error !== faultMarker) {
    return error
  }
  const { tag, expected } = content.fault
  const offset = frames.offsetOf(content.fault.offset)
  // Frames that have arrived completely do not get longer when more bytes come.
  return tag === 'UnexpectedEnd'
    ? take(input, content, { offset, tag: 'FramesEnd', expected: words.beforeEndFrame(expected) })
    : take(input, content, { offset })
}

const take = <T extends Input | Output>(at: T, inner: T, changed: Partial<Fault>): unknown => {
  Object.assign(at.fault, inner.fault, changed)
  for (const stop of inner.stops) {
    at.stops.push(stop)
  }
  return faultMarker
}
