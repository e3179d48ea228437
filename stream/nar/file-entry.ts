import { paddingOf } from '../../bytes/padding.js'
import type { NarEvent } from './events.js'
import type { NarInput } from './input.js'
import { textAt } from './names.js'
import { skipWords } from './primitives.js'
import { wordsAt, wordsOf } from './words.js'

const entryOpenName = wordsOf('entry', '(', 'name')
const nodeRegular = wordsOf('node', '(', 'type', 'regular')
const contentsWord = wordsOf('contents')
const executableContents = wordsOf('executable', '', 'contents')
const closeClose = wordsOf(')', ')')

/**
 * Reads the commonest entry in one go: a file that is all there, with a name in ASCII. Returns its name; null, and
 * nothing is read, for everything else, good or bad, which is left to the states. `last` is the name before it.
 */
export const readFileEntry = (
  input: NarInput,
  nameLimit: number,
  last: string | undefined,
  events: Array<NarEvent>,
): string | null => {
  const { view, bytes, end, pos: start } = input
  if (end - start < 56 || !wordsAt(view, start, entryOpenName)) {
    return null
  }
  const nameLength = view.getUint32(start + 48, true)
  const nameStart = start + 56
  const nameEnd = nameStart + nameLength
  const node = nameEnd + paddingOf(nameLength)
  if (nameLength > nameLimit || view.getUint32(start + 52, true) !== 0 || node > end) {
    return null
  }
  const name = plainName(bytes, nameStart, nameEnd, node)
  // Where one of two texts is ASCII their order is that of their bytes.
  if (name === null || (last !== undefined && last >= name)) {
    return null
  }
  input.pos = node
  const executable = skipWords(input, nodeRegular) && !skipWords(input, contentsWord)
  if (input.pos > node && (!executable || skipWords(input, executableContents))) {
    const size = wholeContents(input)
    if (size !== -1) {
      const contents = input.pos
      input.pos += size + paddingOf(size)
      if (isZero(bytes, contents + size, input.pos) && skipWords(input, closeClose)) {
        events.push({ _tag: 'entry', name }, { _tag: 'regular', executable, size })
        if (size > 0) {
          events.push({ _tag: 'contents', bytes: bytes.subarray(contents, contents + size) })
        }
        return name
      }
    }
  }
  input.pos = start
  return null
}

/** A name that needs no second look; null for one that is wrong, or not in ASCII, or has something as its padding. */
const plainName = (bytes: Uint8Array, start: number, end: number, next: number): string | null => {
  let bits = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === 0x2f || byte === 0) {
      return null
    }
    bits |= byte
  }
  if (bits >= 0x80 || !isZero(bytes, end, next)) {
    return null
  }
  const name = textAt(bytes, start, end, true)
  return name === '' || name === '.' || name === '..' ? null : name
}

const isZero = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== 0) {
      return false
    }
  }
  return true
}

/** The size of contents that are all there, padding included, and goes behind their length; -1 where they are not. */
const wholeContents = (input: NarInput): number => {
  const { pos, end, view } = input
  if (end - pos < 8 || view.getUint32(pos + 4, true) !== 0) {
    return -1
  }
  const size = view.getUint32(pos, true)
  input.pos = pos + 8
  return size + paddingOf(size) <= end - pos - 8 ? size : -1
}
