import { paddingOf } from '../../bytes/padding.js'
import type { NarEvent } from './events.js'
import type { NarInput } from './input.js'
import { textAt } from './names.js'
import { skipWords } from './primitives.js'
import { wordsOf } from './words.js'

/** A word of at most eight letters in its wire form: its length, and its letters as two numbers. */
const shortWord = (text: string): readonly [length: number, first: number, second: number] => {
  const { units } = wordsOf(text)
  return [text.length, units[2]!, units[3] ?? 0]
}

const [entryLength, entryFirst, entrySecond] = shortWord('entry')
const [openLength, openFirst] = shortWord('(')
const [nameLength, nameFirst] = shortWord('name')
const [nodeLength, nodeFirst] = shortWord('node')
const [typeLength, typeFirst] = shortWord('type')
const [regularLength, regularFirst, regularSecond] = shortWord('regular')
const [contentsLength, contentsFirst, contentsSecond] = shortWord('contents')
const [closeLength, closeFirst] = shortWord(')')
const executableContents = wordsOf('executable', '', 'contents')

/**
 * The bits in which 16 bytes differ from such a word; 0 if they are equal. Numbers take half the time of a loop.
 */
const differing = (view: DataView, at: number, length: number, first: number, second: number): number =>
  (view.getInt32(at, true) ^ length) |
  view.getInt32(at + 4, true) |
  (view.getInt32(at + 8, true) ^ first) |
  (view.getInt32(at + 12, true) ^ second)

const isEntryOpenName = (view: DataView, at: number): boolean =>
  (differing(view, at, entryLength, entryFirst, entrySecond) |
    differing(view, at + 16, openLength, openFirst, 0) |
    differing(view, at + 32, nameLength, nameFirst, 0)) ===
  0

const isNodeRegular = (view: DataView, at: number): boolean =>
  (differing(view, at, nodeLength, nodeFirst, 0) |
    differing(view, at + 16, openLength, openFirst, 0) |
    differing(view, at + 32, typeLength, typeFirst, 0) |
    differing(view, at + 48, regularLength, regularFirst, regularSecond)) ===
  0

const isContents = (view: DataView, at: number): boolean =>
  differing(view, at, contentsLength, contentsFirst, contentsSecond) === 0

const isCloseClose = (view: DataView, at: number): boolean =>
  (differing(view, at, closeLength, closeFirst, 0) | differing(view, at + 16, closeLength, closeFirst, 0)) ===
  0

/**
 * Reads the most common entry in one step: a complete file with a name in ASCII. Returns its name; null, and nothing is
 * read, for all others, valid or not, which the states handle. `last` is the name before it.
 */
export const readFileEntry = (
  input: NarInput,
  nameLimit: number,
  last: string | undefined,
  events: Array<NarEvent>,
): string | null => {
  const { view, bytes, end, pos: start } = input
  if (end - start < 56 || !isEntryOpenName(view, start)) {
    return null
  }
  const length = view.getUint32(start + 48, true)
  const nameStart = start + 56
  const nameEnd = nameStart + length
  const node = nameEnd + paddingOf(length)
  if (length > nameLimit || view.getUint32(start + 52, true) !== 0 || node > end) {
    return null
  }
  const name = plainName(bytes, nameStart, nameEnd, node)
  // If one of two texts is ASCII, their order is that of their bytes.
  if (name === null || (last !== undefined && last >= name)) {
    return null
  }
  // At least a word and a length follow the node.
  if (end - node < 64 + 24 || !isNodeRegular(view, node)) {
    return null
  }
  input.pos = node + 64
  const executable = !isContents(view, input.pos)
  if (!executable) {
    input.pos += 16
  }
  if (!executable || skipWords(input, executableContents)) {
    const size = wholeContents(input)
    if (size !== -1) {
      const contents = input.pos
      input.pos += size + paddingOf(size)
      if (
        isZero(bytes, contents + size, input.pos) &&
        end - input.pos >= 32 &&
        isCloseClose(view, input.pos)
      ) {
        input.pos += 32
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

/** A name that needs no further check; null for one that is invalid, not ASCII, or has invalid padding. */
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

/**
 * Returns the size of complete contents, padding included, and moves past their length; -1 if they are incomplete.
 */
const wholeContents = (input: NarInput): number => {
  const { pos, end, view } = input
  if (end - pos < 8 || view.getUint32(pos + 4, true) !== 0) {
    return -1
  }
  const size = view.getUint32(pos, true)
  input.pos = pos + 8
  return size + paddingOf(size) <= end - pos - 8 ? size : -1
}
