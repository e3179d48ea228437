import { paddingOf } from '../../../bytes/padding.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseLimit } from '../fault.js'
import { type Input, integerAt, underflow } from '../input.js'
import type { Output } from '../output.js'

/** Rejects the length at `pos`. */
export const refuseLength = (input: Input, limit: number): never =>
  refuseLimit(input, 'string', limit, input.base + input.pos, words.tooLong(integerAt(input, input.pos)))

/** Rejects the byte `at`, which belongs to the padding after `pos`. */
export const refusePadding = (input: Input, at: number): never =>
  refuse(input, 'NonZeroPadding', input.base + at, words.zeroByte, words.byteInHex(input.bytes[at]!))

/**
 * Skips padded bytes: their length, the content, and the zeros. Returns the length; the content then ends
 * `paddingOf(length)` bytes before `pos`.
 */
export const readPadded = (input: Input, limit: number): number => {
  const pos = input.pos
  if (input.end - pos < 8) {
    underflow(input, 8)
  }
  const length = input.view.getUint32(pos, true)
  if (length > limit || input.view.getUint32(pos + 4, true) !== 0) {
    refuseLength(input, limit)
  }
  const contentEnd = pos + 8 + length
  const next = contentEnd + paddingOf(length)
  if (next > input.end) {
    underflow(input, next - pos)
  }
  const { bytes } = input
  for (let at = contentEnd; at < next; at++) {
    if (bytes[at] !== 0) {
      refusePadding(input, at)
    }
  }
  input.pos = next
  return length
}

/** Writes the length before and the zeros after `length` bytes of content that are at `pos + 8` already. */
export const closePadded = (output: Output, length: number): void => {
  const { bytes, view, pos } = output
  view.setUint32(pos, length, true)
  view.setUint32(pos + 4, 0, true)
  const next = pos + 8 + length + paddingOf(length)
  for (let at = pos + 8 + length; at < next; at++) {
    bytes[at] = 0
  }
  output.pos = next
}

/** Rejects a length that a reader with the same limits would reject. */
export const checkLength = (output: Output, length: number, limit: number): void => {
  if (length > limit) {
    refuseLimit(output, 'string', limit, output.pos - output.start, words.bytesCount(length))
  }
}

/** Skips padded bytes that have been written. */
export const skipPadded = (input: Input): void => {
  const length = input.view.getUint32(input.pos, true)
  input.pos += 8 + length + paddingOf(length)
}
