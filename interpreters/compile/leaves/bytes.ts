import { isBytes, lengthOf } from '../../../bytes/byte-array.js'
import { compareBytes } from '../../../bytes/order.js'
import { paddingOf } from '../../../bytes/padding.js'
import { messageOfBytes } from '../../../combinators/limits.js'
import type { BytesNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseLimit, show } from '../fault.js'
import { awaitMore, underflow } from '../input.js'
import type { Limits } from '../options.js'
import type { Output } from '../output.js'
import type { Leaf } from './leaf.js'
import { checkLength, closePadded, readPadded } from './padded.js'

const compare: Leaf['compare'] = (a, b) => compareBytes(a as Uint8Array, b as Uint8Array)

const expectBytes = (output: Output, value: unknown, length: number | null): Uint8Array => {
  if (!isBytes(value) || (length !== null && lengthOf(value) !== length)) {
    const expected = length === null ? words.someBytes : words.someBytesOf(length)
    return refuse(output, 'Unrepresentable', output.pos - output.start, expected, show(value))
  }
  return value
}

const paddedLeaf = (limit: number): Leaf => ({
  wire: 'bytes',
  min: 8,
  primitive: false,
  compare,
  read: (input) => {
    const length = readPadded(input, limit)
    const contentEnd = input.pos - paddingOf(length)
    return Uint8Array.prototype.slice.call(input.bytes, contentEnd - length, contentEnd)
  },
  write: (output, value) => {
    const bytes = expectBytes(output, value, null)
    const length = lengthOf(bytes)
    checkLength(output, length, limit)
    output.reserve(8 + length + paddingOf(length))
    // Throws if the buffer of the bytes has shrunk or is detached.
    output.bytes.set(bytes, output.pos + 8)
    closePadded(output, length)
  },
})

const rawLeaf = (length: number): Leaf => ({
  wire: 'raw',
  min: length,
  primitive: false,
  compare,
  read: (input) => {
    const pos = input.pos
    if (input.end - pos < length) {
      underflow(input, length)
    }
    input.pos = pos + length
    return Uint8Array.prototype.slice.call(input.bytes, pos, pos + length)
  },
  write: (output, value) => {
    const bytes = expectBytes(output, value, length)
    output.reserve(length)
    output.bytes.set(bytes, output.pos)
    output.pos += length
  },
})

/** All remaining bytes. Beyond a limit they are not counted further, since they may come in any pieces. */
const restLeaf = (limit: number): Leaf => ({
  wire: 'raw',
  min: 0,
  primitive: false,
  compare,
  read: (input) => {
    const { pos, end } = input
    if (end - pos > limit) {
      refuseLimit(input, 'string', limit, input.base + pos, words.moreThan(limit))
    }
    if (input.over) {
      refuseLimit(input, 'message', input.limit, input.base + pos, messageOfBytes(input.limit + 1))
    }
    if (!input.ended) {
      awaitMore(input)
    }
    input.pos = end
    return Uint8Array.prototype.slice.call(input.bytes, pos, end)
  },
  write: (output, value) => {
    const bytes = expectBytes(output, value, null)
    const length = lengthOf(bytes)
    checkLength(output, length, limit)
    output.reserve(length)
    output.bytes.set(bytes, output.pos)
    output.pos += length
  },
  skip: (input) => {
    input.pos = input.end
  },
})

export const bytesLeaf = ({ length, limit: own }: BytesNode, limits: Limits): Leaf => {
  const limit = Math.min(own ?? limits.string, limits.string)
  switch (length) {
    case 'padded':
      return paddedLeaf(limit)
    case 'toEnd':
      return restLeaf(limit)
    default:
      return rawLeaf(length)
  }
}
