import { joined } from '../../bytes/joined.js'
import type { Issue } from '../../combinators/issue.js'
import type { Limits } from '../../combinators/limits.js'
import * as words from '../../combinators/words.js'
import { type Place, Source } from './source.js'
import { arrival, type Stage } from './spot.js'

/** How long the frames are that an encoder cuts, but for the last. */
const frameSize = 65536

interface Frame {
  /** Where its content begins in what all frames hold. */
  readonly start: number
  /** Where in the bytes around it: its content, or for the last, empty one its length. */
  readonly outer: number
}

/** What a reading of frames tells as it goes. */
export interface FramesTold {
  /** Of the length in front of a frame: null where one begins, then what it says. */
  readonly header: (length: bigint | null) => void
  /** Of a frame that is not as the encoder cuts them. */
  readonly note: (issue: Issue) => void
}

/** Reads frames up to the empty one. Returns what they hold. */
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
