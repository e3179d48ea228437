import { type Entries, readCount } from './checks.js'
import { Code, type Making } from './code.js'
import type { Input } from './input.js'
import { keep } from './kept.js'
import type { Output } from './output.js'
import type { Count, Read, Write } from './plan.js'

/** The loops over items, each a function of its own: the reader or writer in it is then always the same one. */

export const generateListReader = (
  name: string,
  count: Count,
  read: Read,
  readLong: (input: Input, length: number) => unknown,
  preallocated: number,
  making: Making,
): Read => {
  const code = new Code(`reads ${name}`, 'input')
  code.add(
    `const length = ${code.use(readCount, 'readCount')}(input, ${code.use(count, 'count')})`,
    `if (length > ${code.use(preallocated, 'preallocated')}) return ${code.use(readLong, 'readLong')}(input, length)`,
    'const items = new Array(length)',
    'let index = 0, pos = input.pos',
    'try {',
    'for (; index < length; index++) {',
    'pos = input.pos',
    `items[index] = ${code.use(read, 'read')}(input)`,
    '}',
    '} catch (error) {',
    `${code.use(keepItems, 'keepItems')}(input, error, items, length, index, pos)`,
    'throw error',
    '}',
    'return items',
  )
  return code.make(making)
}

export const keepItems = (
  input: Input,
  error: unknown,
  items: Array<unknown>,
  length: number,
  index: number,
  pos: number,
): void => {
  keep(input, error, { _tag: 'list', items, length, index, offset: input.base + pos })
}

/** For maps whose keys are primitive, of which the last with one key counts. */
export const generateMapReader = (
  name: string,
  count: Count,
  entriesOf: () => Entries,
  key: Read,
  item: Read,
  making: Making,
): Read => {
  const code = new Code(`reads ${name}`, 'input')
  code.add(
    `const length = ${code.use(readCount, 'readCount')}(input, ${code.use(count, 'count')})`,
    `const entries = ${code.use(entriesOf, 'entriesOf')}(), map = entries.map`,
    'let before, index = 0, pos = 0, inValue = false',
    'try {',
    'for (; index < length; index++) {',
    'inValue = false',
    'pos = input.pos',
    `before = ${code.use(key, 'key')}(input)`,
    'inValue = true',
    `map.set(before, ${code.use(item, 'item')}(input))`,
    '}',
    '} catch (error) {',
    `${code.use(keepEntries, 'keepEntries')}(input, error, entries, length, index, pos, before, inValue)`,
    'throw error',
    '}',
    'return map',
  )
  return code.make(making)
}

export const keepEntries = (
  input: Input,
  error: unknown,
  entries: Entries,
  length: number,
  index: number,
  pos: number,
  before: unknown,
  inValue: boolean,
): void => {
  keep(input, error, { _tag: 'map', entries, length, index, offset: input.base + pos, before, inValue })
}

/**
 * Writes items as they come, `count` of them whatever becomes of the array; true where `ascends` held for each and the
 * one before it.
 */
export type WriteItems = (output: Output, items: ReadonlyArray<unknown>, count: number) => boolean

/** Whether the item written at `at` comes after the one written at `before`. */
export type Ascends = (output: Output, before: number, at: number) => boolean

export const itemsWriter = (
  name: string,
  write: Write,
  ascends: Ascends | null,
  making: Making,
): WriteItems => {
  if (!making.evaluate) {
    return (output, items, count) => {
      let ascending = true
      let before = 0
      for (let i = 0; i < count; i++) {
        const at = output.pos
        write(output, items[i])
        ascending &&= i === 0 || ascends === null || ascends(output, before, at)
        before = at
      }
      return ascending
    }
  }
  const code = new Code(`writes the items of ${name}`, 'output, items, count')
  const call = `${code.use(write, 'write')}(output, items[i])`
  if (ascends === null) {
    code.add(`for (let i = 0; i < count; i++) ${call}`, 'return true')
  } else {
    code.add(
      'let ascending = true, before = 0',
      'for (let i = 0; i < count; i++) {',
      'const at = output.pos',
      call,
      `if (i > 0 && ascending) ascending = ${code.use(ascends, 'ascends')}(output, before, at)`,
      'before = at',
      '}',
      'return ascending',
    )
  }
  return code.make(making)
}

/** The same for the entries of a map; `ascends` is asked of their keys. Null where there are not `count` of them. */
export type WriteEntries = (
  output: Output,
  entries: ReadonlyMap<unknown, unknown>,
  count: number,
) => boolean | null

export const entriesWriter = (
  name: string,
  writeKey: Write,
  writeItem: Write,
  ascends: Ascends,
  making: Making,
): WriteEntries => {
  if (!making.evaluate) {
    return (output, entries, count) => {
      let ascending = true
      let before = -1
      let left = count
      for (const [key, item] of entries) {
        if (left-- === 0) {
          return null
        }
        const at = output.pos
        writeKey(output, key)
        ascending &&= before < 0 || ascends(output, before, at)
        writeItem(output, item)
        before = at
      }
      return left === 0 ? ascending : null
    }
  }
  const code = new Code(`writes the entries of ${name}`, 'output, entries, count')
  code.add(
    'let ascending = true, before = -1, left = count',
    'for (const [key, item] of entries) {',
    'if (left-- === 0) return null',
    'const at = output.pos',
    `${code.use(writeKey, 'writeKey')}(output, key)`,
    `if (ascending && before >= 0) ascending = ${code.use(ascends, 'ascends')}(output, before, at)`,
    `${code.use(writeItem, 'writeItem')}(output, item)`,
    'before = at',
    '}',
    'return left === 0 ? ascending : null',
  )
  return code.make(making)
}

/** By the padded bytes just written. The padding is zero, so that words may be compared, the highest byte first. */
export const ascendsOnWire = ({ view }: Output, before: number, at: number): boolean => {
  const lengthBefore = view.getUint32(before, true)
  const length = view.getUint32(at, true)
  const shorter = Math.min(lengthBefore, length)
  for (let i = 8; i < 8 + shorter; i += 4) {
    const x = view.getUint32(before + i)
    const y = view.getUint32(at + i)
    if (x !== y) {
      return x < y
    }
  }
  return lengthBefore < length
}
