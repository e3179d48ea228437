import { joined } from '../../bytes/joined.js'
import * as words from '../../combinators/words.js'
import { readWord } from './leaves.js'
import {
  done,
  failed,
  has,
  lacks,
  type Reader,
  reader,
  refuse,
  refuseLimit,
  type Settings,
  type State,
} from './state.js'

/** The length of the frames that an encoder writes, except the last. */
const fullFrame = 65536

interface Frame {
  readonly bytes: Uint8Array
  /** The offset of its first byte in the message; for the end frame, that of its length. */
  readonly offset: number
}

/** Reads frames up to the end frame, then the value inside them as an input of its own. */
export const framedReader = (inner: Reader, grammar: string, settings: Settings): Reader =>
  reader((start) => {
    const frames: Array<Frame> = []
    let length = 0
    let state = start
    do {
      state = readFrame(state, frames, length, grammar, settings)
      if (state.isError) {
        return state
      }
      length += frames.at(-1)!.bytes.length
    } while (frames.at(-1)!.bytes.length > 0)
    const content = joined(frames.map(({ bytes }) => bytes))
    const result = inner.p({
      ...state,
      dataView: new DataView(content.buffer),
      index: 0,
      data: unbounded(state),
    })
    if (result.isError) {
      return failed(state, inMessage(frames, result.error))
    }
    const rest = content.length - result.index
    return settings.canonical && rest > 0
      ? refuse(state, 'TrailingBytes', {
          grammar,
          offset: offsetOf(frames, result.index),
          expected: words.endFrame,
          actual: words.moreBytes(rest),
        })
      : done(state, result.result, state.index)
  })

/** The limit of frames was checked already. */
const unbounded = ({ data }: State): State['data'] => ({ ...data, most: Number.POSITIVE_INFINITY })

const readFrame = (
  state: State,
  frames: Array<Frame>,
  lengthSoFar: number,
  grammar: string,
  { limits, canonical }: Settings,
): State =>
  readWord(state, grammar, (announced) => {
    const place = { grammar, offset: state.index }
    if (announced > BigInt(limits.frame)) {
      return refuseLimit(state, 'frame', limits.frame, {
        ...place,
        actual: words.tooLongFrame(announced),
      })
    }
    const length = Number(announced)
    const total = lengthSoFar + length
    if (total > limits.string) {
      return refuseLimit(state, 'string', limits.string, { ...place, actual: words.tooLongFrames(total) })
    }
    if (!has(state, 8 + length)) {
      return lacks(state, 8 + length, grammar)
    }
    const before = frames.at(-1)
    if (canonical && length > 0 && (length > fullFrame || (before && before.bytes.length !== fullFrame))) {
      const expected = words.framesOf(fullFrame)
      return refuse(state, 'NotCanonical', { ...place, expected, actual: words.frameOf(length) })
    }
    const { dataView, index } = state
    frames.push({
      bytes: new Uint8Array(dataView.buffer, dataView.byteOffset + index + 8, length),
      offset: length === 0 ? index : index + 8,
    })
    return done(state, null, index + 8 + length)
  })

/** The offset of a byte of the content in the message; the byte after the last is in the end frame. */
const offsetOf = (frames: ReadonlyArray<Frame>, position: number): number => {
  let start = 0
  for (const { bytes, offset } of frames) {
    if (position < start + bytes.length || bytes.length === 0) {
      return offset + position - start
    }
    start += bytes.length
  }
  return start
}

/** An issue inside the frames, as seen from the message: missing bytes will never come. */
const inMessage = (frames: ReadonlyArray<Frame>, issue: State['error']): State['error'] => {
  const offset = offsetOf(frames, issue.offset)
  if (issue._tag !== 'UnexpectedEnd') {
    return { ...issue, offset }
  }
  const { path, expected, actual, grammar } = issue
  return { _tag: 'FramesEnd', offset, path, expected: words.beforeEndFrame(expected), actual, grammar }
}
