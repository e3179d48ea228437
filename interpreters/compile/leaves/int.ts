import type { IntNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { refuse, show } from '../fault.js'
import { type Input, integerAt, underflow } from '../input.js'
import type { Output } from '../output.js'
import type { Leaf } from './leaf.js'

/** Rejects the integer at `pos`, which exceeds its bound. */
export const refuseInt = (input: Input, max: bigint): never =>
  refuse(
    input,
    'OutOfRange',
    input.base + input.pos,
    words.integerUpTo(max),
    String(integerAt(input, input.pos)),
  )

const refuseValue = (output: Output, max: bigint, value: unknown, type: 'bigint' | 'number'): never =>
  refuse(
    output,
    typeof value === type ? 'OutOfRange' : 'Unrepresentable',
    output.pos - output.start,
    words.integerIn(max, type),
    show(value),
  )

export const ascending = (a: unknown, b: unknown): number =>
  a === b ? 0 : (a as number) < (b as number) ? -1 : 1

const readBigint = (max: bigint) => (input: Input) => {
  const pos = input.pos
  if (input.end - pos < 8) {
    underflow(input, 8)
  }
  const value = input.view.getBigUint64(pos, true)
  if (value > max) {
    refuseInt(input, max)
  }
  input.pos = pos + 8
  return value
}

const writeBigint = (max: bigint) => (output: Output, value: unknown) => {
  if (typeof value !== 'bigint' || value < 0n || value > max) {
    return refuseValue(output, max, value, 'bigint')
  }
  output.reserve(8)
  output.view.setBigUint64(output.pos, value, true)
  output.pos += 8
}

export const highest = 2n ** 64n - 1n

const readAnyBigint = (input: Input) => {
  const pos = input.pos
  if (input.end - pos < 8) {
    underflow(input, 8)
  }
  input.pos = pos + 8
  return input.view.getBigUint64(pos, true)
}

/** For numbers below 2^32 the high half is zero, and the low half needs no arithmetic. */
const readLow = (bound: bigint) => {
  const max = Number(bound)
  return (input: Input) => {
    const pos = input.pos
    if (input.end - pos < 8) {
      underflow(input, 8)
    }
    const low = input.view.getUint32(pos, true)
    if (input.view.getUint32(pos + 4, true) !== 0 || low > max) {
      refuseInt(input, bound)
    }
    input.pos = pos + 8
    return low
  }
}

const readNumber = (bound: bigint) => {
  if (bound < 2n ** 32n) {
    return readLow(bound)
  }
  const maxHigh = Number(bound >> 32n)
  const max = Number(bound)
  return (input: Input) => {
    const pos = input.pos
    if (input.end - pos < 8) {
      underflow(input, 8)
    }
    const high = input.view.getUint32(pos + 4, true)
    const low = input.view.getUint32(pos, true)
    // The high half is tested first: the whole may exceed the exact range of a number.
    if (high > maxHigh || high * 4294967296 + low > max) {
      refuseInt(input, bound)
    }
    input.pos = pos + 8
    return high * 4294967296 + low
  }
}

const writeNumber = (bound: bigint) => {
  const max = Number(bound)
  return (output: Output, value: unknown) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
      return refuseValue(output, bound, value, 'number')
    }
    output.reserve(8)
    output.view.setUint32(output.pos, value % 4294967296, true)
    output.view.setUint32(output.pos + 4, value / 4294967296, true)
    output.pos += 8
  }
}

const readLowBits = (max: bigint, bits: number, canonical: boolean) => {
  const read = readNumber(max)
  return (input: Input) => {
    const value = read(input)
    const kept = value % 2 ** bits
    if (canonical && kept !== value) {
      input.pos -= 8
      refuse(input, 'NotCanonical', input.base + input.pos, words.onlyLowBits(bits), String(value))
    }
    return kept
  }
}

export const intLeaf = (node: IntNode, canonical: boolean): Leaf => {
  const common = { wire: 'number', min: 8, compare: ascending, primitive: true } as const
  if (node.value === 'bigint') {
    const write = writeBigint(node.max)
    return node.max === highest
      ? { ...common, read: readAnyBigint, write, word: { value: 'bigint', max: null } }
      : { ...common, read: readBigint(node.max), write }
  }
  return node.keepBits === undefined
    ? {
        ...common,
        read: readNumber(node.max),
        write: writeNumber(node.max),
        ...(node.max < 2n ** 32n && { word: { value: 'number', max: Number(node.max) } }),
      }
    : {
        ...common,
        read: readLowBits(node.max, node.keepBits, canonical),
        write: writeNumber(2n ** BigInt(node.keepBits) - 1n),
      }
}
