import { type Fault, faultMarker, refuse, refuseLimit } from './fault.js'
import { Input, integerAt, underflow } from './input.js'
import type { Output } from './output.js'
import type { FramedPlan } from './plan.js'

/** How long the frames are that the encoder cuts, but for the last. */
const frameSize = 65536

/** The content of frames, put together, and where each frame lay in the message. */
export class Frames {
  readonly #parts: Array<Uint8Array> = []
  readonly #starts: Array<number> = []
  readonly #offsets: Array<number> = []
  #length = 0

  /** Reads one frame; false at the end frame. */
  read(input: Input, plan: FramedPlan): boolean {
    const { contentLimit } = plan
    const pos = input.pos
    if (input.end - pos < 8) {
      underflow(input, 8)
    }
    const length = input.view.getUint32(pos, true)
    if (length > plan.limit || input.view.getUint32(pos + 4, true) !== 0) {
      refuseLimit(input, 'frame', plan.limit, input.base + pos, `a frame of ${integerAt(input, pos)} bytes`)
    }
    if (this.#length + length > contentLimit) {
      refuseLimit(input, 'string', contentLimit, input.base + pos, `${this.#length + length} bytes in frames`)
    }
    if (input.end - pos - 8 < length) {
      underflow(input, 8 + length)
    }
    this.#starts.push(this.#length)
    this.#offsets.push(input.base + pos + (length > 0 ? 8 : 0))
    this.#checkCut(input, plan, length)
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
    const content = new Uint8Array(this.#length)
    this.#parts.forEach((part, i) => {
      content.set(part, this.#starts[i])
    })
    const inner = new Input()
    inner.open(content, 0)
    inner.depth = depth
    return inner
  }

  /** Hands what the value inside recorded to the input around it, with the offset it has there. */
  passOn(input: Input, inner: Input): never {
    const { tag, expected } = inner.fault
    const offset = this.offsetOf(inner.fault.offset)
    // Frames that are all there do not get longer when more bytes come.
    return tag === 'UnexpectedEnd'
      ? throwAs(input, inner.fault, {
          offset,
          tag: 'FramesEnd',
          expected: `${expected} before the end frame`,
        })
      : throwAs(input, inner.fault, { offset })
  }

  /** What may stand behind the value in the frames. */
  checkRest(input: Input, inner: Input, { exact }: FramedPlan): void {
    const rest = inner.end - inner.pos
    if (exact && rest > 0) {
      refuse(input, 'TrailingBytes', this.offsetOf(inner.pos), 'the end frame', `${rest} more bytes`)
    }
  }

  #checkCut(input: Input, { exact }: FramedPlan, length: number): void {
    const before = this.#parts.at(-1)
    if (
      exact &&
      (length > frameSize || (length > 0 && before !== undefined && before.length !== frameSize))
    ) {
      refuse(
        input,
        'NotCanonical',
        input.base + input.pos,
        `frames of ${frameSize} bytes`,
        `a frame of ${length}`,
      )
    }
  }
}

const throwAs = (at: Input | Output, fault: Fault, changed: Partial<Fault>): never => {
  Object.assign(at.fault, fault, changed)
  throw faultMarker
}

/** Cuts content into frames. */
export const writeFrames = (output: Output, content: Uint8Array): void => {
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

/** Which byte of the content lies at this offset of frames cut here; negative where none does. */
export const positionIn = (offset: number): number => offset - 8 * (Math.floor(offset / (frameSize + 8)) + 1)

/** Hands what a value inside frames recorded to the output around them, with the offset it would have there. */
export const passOnWriting = (output: Output, inner: Output): never => {
  const { offset } = inner.fault
  const headers = 8 * (Math.floor(offset / frameSize) + 1)
  return throwAs(output, inner.fault, { offset: output.pos - output.start + headers + offset })
}
