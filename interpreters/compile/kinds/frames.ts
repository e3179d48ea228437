import { joined } from '../../../bytes/joined.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseLimit } from '../fault.js'
import { Input, integerAt, underflow } from '../input.js'
import type { Output } from '../output.js'

/** The length of the frames that the encoder writes, except the last. */
const frameSize = 65536

export interface FrameLimits {
  /** The limits of one frame, and of all together. */
  readonly frame: number
  readonly content: number
  /** Whether nothing may follow the value in the frames, and the frames must have the encoder's lengths. */
  readonly exact: boolean
}

/** The content of frames, put together, and where each frame lay in the message. */
export class Frames {
  readonly #parts: Array<Uint8Array> = []
  readonly #starts: Array<number> = []
  readonly #offsets: Array<number> = []
  #length = 0

  /** Reads one frame; false at the end frame. */
  read(input: Input, limits: FrameLimits): boolean {
    const { frame, content } = limits
    const pos = input.pos
    if (input.end - pos < 8) {
      underflow(input, 8)
    }
    const length = input.view.getUint32(pos, true)
    if (length > frame || input.view.getUint32(pos + 4, true) !== 0) {
      refuseLimit(input, 'frame', frame, input.base + pos, words.tooLongFrame(integerAt(input, pos)))
    }
    if (this.#length + length > content) {
      refuseLimit(input, 'string', content, input.base + pos, words.tooLongFrames(this.#length + length))
    }
    if (input.end - pos - 8 < length) {
      underflow(input, 8 + length)
    }
    this.#starts.push(this.#length)
    this.#offsets.push(input.base + pos + (length > 0 ? 8 : 0))
    this.#checkCut(input, limits, length)
    this.#parts.push(Uint8Array.prototype.slice.call(input.bytes, pos + 8, pos + 8 + length))
    this.#length += length
    input.pos = pos + 8 + length
    return length > 0
  }

  /** Where a byte of the content lies in the message. */
  offsetOf(position: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= position) {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return this.#offsets[low]! + position - this.#starts[low]!
  }

  /** The content as an input of its own, as deep as the one around it. */
  open(depth: number): Input {
    const inner = new Input()
    inner.open(joined(this.#parts), 0)
    inner.depth = depth
    return inner
  }

  /** What may stand behind the value in the frames. */
  checkRest(input: Input, inner: Input, { exact }: FrameLimits): void {
    const rest = inner.end - inner.pos
    if (exact && rest > 0) {
      refuse(input, 'TrailingBytes', this.offsetOf(inner.pos), words.endFrame, words.moreBytes(rest))
    }
  }

  #checkCut(input: Input, { exact }: FrameLimits, length: number): void {
    const before = this.#parts.at(-1)
    if (
      exact &&
      (length > frameSize || (length > 0 && before !== undefined && before.length !== frameSize))
    ) {
      refuse(input, 'NotCanonical', input.base + input.pos, words.framesOf(frameSize), words.frameOf(length))
    }
  }
}

/** Cuts content into frames. */
export const writeFrames = (output: Output, content: Uint8Array): void => {
  output.checkSize(offsetInFrames(content.length) + (content.length % frameSize === 0 ? 0 : 8))
  for (let from = 0; from <= content.length; from += frameSize) {
    const frame = content.subarray(from, from + frameSize)
    writeFrame(output, frame)
    if (frame.length === 0) {
      return
    }
  }
  writeFrame(output, new Uint8Array(0))
}

const writeFrame = (output: Output, frame: Uint8Array): void => {
  output.reserve(8 + frame.length)
  output.view.setUint32(output.pos, frame.length, true)
  output.view.setUint32(output.pos + 4, 0, true)
  output.bytes.set(frame, output.pos + 8)
  output.pos += 8 + frame.length
}

/** The offset of a byte of the content in frames that were cut here. */
export const offsetInFrames = (position: number): number =>
  position + 8 * (Math.floor(position / frameSize) + 1)
