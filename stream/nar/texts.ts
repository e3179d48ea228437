import { compareTexts } from '../../bytes/order.js'
import { paddedSize } from '../../bytes/padding.js'
import { entryNameRule, linkTargetRule } from '../../grammar/nar-names.js'
import type { NarInput } from './input.js'
import { entryNameBytes, textAt } from './names.js'
import type { NarLeniency, NarLimits } from './options.js'
import { sharedPrefix, textLength } from './primitives.js'
import { object, quote } from './refusal.js'

/** Reads the target of a symbolic link; null if bytes are missing. */
export const readTarget = (input: NarInput, limits: NarLimits, lenient: NarLeniency): string | null => {
  const length = textLength(input, limits.target, 'the target of a symbolic link')
  if (length === -1) {
    return null
  }
  const { bytes, pos, offset } = input
  const start = pos + 8
  const zero = bytes.subarray(start, start + length).indexOf(0)
  const text = textAt(bytes, start, start + length, false)
  if ((length === 0 || zero !== -1) && lenient.anyTarget !== true) {
    const wrongByte = length === 0 ? offset : offset + 8 + zero
    object(input.heard, {
      tag: 'InvalidValue',
      offset: offset + 8,
      expected: linkTargetRule,
      actual: quote(text),
      wrongByte,
    })
  }
  input.pos = pos + paddedSize(length)
  return text
}

/** Reads the name of an entry, which must come after `last`; null if bytes are missing. */
export const readName = (
  input: NarInput,
  limits: NarLimits,
  lenient: NarLeniency,
  last: string | undefined,
): string | null => {
  const length = textLength(input, limits.name, 'an entry name')
  if (length === -1) {
    return null
  }
  const { bytes, pos, offset } = input
  const start = pos + 8
  const name = textAt(bytes, start, start + length, false)
  const content = bytes.subarray(start, start + length)
  const bad = content.findIndex((byte) => byte === 0x2f || byte === 0)
  if (bad !== -1 || length === 0 || name === '.' || name === '..') {
    const wrongByte = length === 0 ? offset : offset + 8 + Math.max(0, bad)
    object(input.heard, {
      tag: 'InvalidValue',
      offset: offset + 8,
      expected: entryNameRule,
      actual: quote(name),
      wrongByte,
    })
  } else if (last !== undefined && lenient.unsorted !== true && !comesAfter(last, name)) {
    objectToOrder(input, content, last, name)
  }
  input.pos = pos + paddedSize(length)
  return name
}

/** Whether one name comes after another in the order of their bytes. */
export const comesAfter = (last: string, name: string): boolean => compareTexts(last, name) < 0

const objectToOrder = (input: NarInput, content: Uint8Array, last: string, name: string): void => {
  const { offset } = input
  const same = last === name
  object(input.heard, {
    tag: same ? 'DuplicateKey' : 'NotCanonical',
    offset,
    expected: same
      ? 'each entry name once in its directory'
      : `an entry name after ${quote(last)}, in the order of their bytes`,
    actual: quote(name),
    wrongByte: offset + 8 + sharedPrefix(content, 0, entryNameBytes(last)),
  })
}
