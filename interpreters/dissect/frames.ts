import { joined } from '../../bytes/joined.js'
import type { Issue } from '../../combinators/issue.js'
import type { Limits } from '../../combinators/limits.js'
import * as words from '../../combinators/words.js'
import { type Place, Source } from './source.js'
import { arrival, type Stage } from './spot.js'

/** The length of the frames that an encoder writes, except the last. */
const frameSize = 65536

interface Frame {
  /** Where its content begins in the content of all frames. */
  readonly start: number
  /** Its place in the bytes around it: that of its content, or for the last, empty one that of its length. */
  readonly outer: number
}

/** The callbacks for the parts of frames. */
export interface FramesTold {
  /** The length in front of a frame: null when it begins, then its value. */
  readonly header: (length: bigint | null) => void
  /** A frame whose length differs from the encoder's. */
  readonly note: (issue: Issue) => void
}

/** Reads frames up to the empty one. Returns their content. */
export function* readFrames(
  source: Source,
  place: Place,
  limits: Limits,
  canonical: boolean,
  { header, note }: FramesTold,
): Stage<Source> {
  const frames: Array<Frame> = []
  const parts: Array<Uint8Array> = []
  let total = 0
  for (;;) {
    const { pos } = source
    header(null)
    yield* arrival(source, 8)
    const announced = source.integer(place)
    if (announced > BigInt(limits.frame)) {
      source.refuseLimit('frame', limits.frame, pos, place, words.tooLongFrame(announced))
    }
    const length = Number(announced)
    if (total + length > limits.string) {
      source.refuseLimit('string', limits.string, pos, place, words.tooLongFrames(total + length))
    }
    yield* arrival(source, 8 + length)
    source.need(8 + length, place)
    const before = parts.at(-1)
    const cutElsewhere = length > frameSize || (before !== undefined && before.length !== frameSize)
    header(announced)
    if (canonical && length > 0 && cutElsewhere) {
      note(source.issue('NotCanonical', pos, place, words.framesOf(frameSize), words.frameOf(length)))
    }
    frames.push({ start: total, outer: length > 0 ? pos + 8 : pos })
    parts.push(source.view(pos + 8, pos + 8 + length).slice())
    total += length
    source.pos = pos + 8 + length
    if (length === 0) {
      return new Source(joined(parts), true, (at) => source.offsetOf(outerPosition(frames, at)))
    }
  }
}

const outerPosition = (frames: ReadonlyArray<Frame>, at: number): number => {
  let low = 0
  let high = frames.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (frames[middle]!.start <= at) {
      low = middle
    } else {
      high = middle
    }
  }
  const frame = frames[low]!
  return frame.outer + at - frame.start
}
