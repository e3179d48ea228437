import type { FieldNode, StructNode } from '../../../combinators/node.js'
import { Code, type Making, quoted } from '../code.js'
import type { Input } from '../input.js'
import type { Output } from '../output.js'
import type { Plan, Read, Word, Write } from '../plan.js'
import { isWord, wordReading, wordWriting } from './word-code.js'

/** A property of every value that is not on the wire: the name of a union's case. */
export interface Constant {
  readonly key: string
  readonly value: string
}

export interface Field {
  readonly key: string | number
  readonly plan: Plan
  readonly fixed: NonNullable<FieldNode['fixed']> | null
}

/** The facts about a struct. */
export interface Struct {
  readonly name: string
  readonly shape: StructNode['shape']
  readonly constant: Constant | null
  readonly fields: ReadonlyArray<Field>
}

/** Rejects an invalid value of a field. */
export type CheckField = (input: Input, index: number, value: unknown, offset: number) => void

/** Leaves a stop in a field that starts at `offset`; `values` are those of the fields before it. */
export type StopFields = (
  input: Input,
  error: unknown,
  values: Array<unknown>,
  index: number,
  offset: number,
) => unknown

/** The same when writing; `inField` distinguishes a field being written from one being looked up. */
export type StopField = (output: Output, error: unknown, index: number, inField: boolean) => unknown

/**
 * Reads a struct with one object literal, so that every value has the same hidden class from the start. A loop over
 * keys takes twice as long.
 */
export const structReader = (struct: Struct, check: CheckField, stop: StopFields, making: Making): Read => {
  const { name, fields } = struct
  const code = new Code(`reads ${name}`, 'input')
  if (fields.length > 0) {
    const values = fields.map((_, i) => `value${i}`).join(', ')
    code.add(`let ${values}, done = 0, offset = 0`, 'try {')
    for (let i = 0; i < fields.length; ) {
      const end = endOfWords(fields, i)
      if (end - i > 1) {
        addWords(code, fields, i, end)
        i = end
      } else {
        addField(code, fields, i, check)
        i++
      }
    }
    code.add(
      '} catch (error) {',
      `throw ${code.use(stop, 'stop')}(input, error, [${values}], done, offset)`,
      '}',
    )
  }
  code.add(`return ${literalOf(struct, (i) => `value${i}`)}`)
  return code.make(making)
}

/** Only a fixed field is compared with a value, and must know its offset. */
const addField = (code: Code, fields: ReadonlyArray<Field>, i: number, check: CheckField): void => {
  const { plan, fixed } = fields[i]!
  const read = `value${i} = ${code.use(plan.read, 'read')}(input)`
  if (fixed === null) {
    code.add(read)
  } else {
    code.add(
      'offset = input.base + input.pos',
      read,
      `${code.use(check, 'check')}(input, ${i}, value${i}, offset)`,
    )
  }
  code.add(`done = ${i + 1}`)
}

const wordOf = ({ plan, fixed }: Field): Word | null => (fixed === null && plan.word) || null

/** The end of the consecutive words that begin with this field. */
const endOfWords = (fields: ReadonlyArray<Field>, start: number): number => {
  let end = start
  while (end < fields.length && wordOf(fields[end]!) !== null) {
    end++
  }
  return end
}

/**
 * Consecutive words: checked for availability once, and read in place. An invalid one is left to its own reader.
 */
const addWords = (code: Code, fields: ReadonlyArray<Field>, start: number, end: number): void => {
  const own = (i: number): ReadonlyArray<string> => [
    `value${i} = ${code.use(fields[i]!.plan.read, 'read')}(input)`,
    `done = ${i + 1}`,
  ]
  code.add(`if (input.end - input.pos >= ${8 * (end - start)}) {`, 'const view = input.view, pos = input.pos')
  for (let i = start; i < end; i++) {
    const [at, half] = [`pos + ${8 * (i - start)}`, `pos + ${8 * (i - start) + 4}`]
    const { first, isNone, value } = wordReading(wordOf(fields[i]!)!, at, half, `low${i}`)
    code.add(
      ...(first === null ? [] : [first]),
      ...(isNone === null
        ? []
        : [`if (${isNone}) {`, `input.pos = ${at}`, `done = ${i}`, ...own(i), '} else']),
      `value${i} = ${value}`,
    )
  }
  code.add(`input.pos = pos + ${8 * (end - start)}`, `done = ${end}`, '} else {')
  for (let i = start; i < end; i++) {
    code.add(...own(i))
  }
  code.add('}')
}

/** Makes a struct from existing values, one for each field, including the fixed ones. */
export const structBuilder = (
  struct: Struct,
  making: Making,
): ((values: ReadonlyArray<unknown>) => unknown) => {
  const { name, shape, constant, fields } = struct
  const shown = fields.flatMap(({ key, fixed }, i) => (fixed === null ? [[key, i] as const] : []))
  if (shape === 'tuple') {
    return (values) => shown.map(([, i]) => values[i])
  }
  if (!making.evaluate) {
    return (values) => {
      const record: Record<string, unknown> = constant === null ? {} : { [constant.key]: constant.value }
      for (const [key, i] of shown) {
        record[key] = values[i]
      }
      return record
    }
  }
  const generate = (): ((values: ReadonlyArray<unknown>) => unknown) => {
    const code = new Code(`puts together ${name}`, 'values')
    code.add(`return ${literalOf(struct, (i) => `values[${i}]`)}`)
    return code.make(making)
  }
  // Made on demand: only a struct that stopped needs it, and in most codecs none does.
  let made: ReturnType<typeof generate> | undefined
  return (values) => {
    made ??= generate()
    return made(values)
  }
}

const literalOf = ({ shape, constant, fields }: Struct, value: (i: number) => string): string => {
  const own = constant === null ? [] : [`${quoted(constant.key)}: ${quoted(constant.value)}`]
  const items = fields.flatMap(({ key, fixed }, i) =>
    fixed !== null ? [] : [shape === 'tuple' ? value(i) : `${quoted(key)}: ${value(i)}`],
  )
  const all = [...own, ...items].join(', ')
  return shape === 'tuple' ? `[${all}]` : `{ ${all} }`
}

/** Writes the fields of a struct; `expect` rejects other values. */
export const structWriter = (
  { name, fields }: Struct,
  expect: Write,
  stop: StopField,
  making: Making,
): Write => {
  const code = new Code(`writes ${name}`, 'output, value')
  code.add(`${code.use(expect, 'expect')}(output, value)`)
  if (fields.length > 0) {
    code.add('let field, done = 0, inField = false', 'try {')
    for (let i = 0; i < fields.length; ) {
      const end = endOfWords(fields, i)
      if (end - i > 1) {
        addWordsWritten(code, fields, i, end)
        i = end
      } else {
        addWritten(code, fields[i]!, i)
        i++
      }
    }
    code.add('} catch (error) {', `throw ${code.use(stop, 'stop')}(output, error, done, inField)`, '}')
  }
  return code.make(making)
}

const addWritten = (code: Code, { key, plan, fixed }: Field, i: number): void => {
  const value = fixed === null ? `value[${quoted(key)}]` : code.use(fixed.value, 'fixed')
  code.add(
    `field = ${value}`,
    'inField = true',
    `${code.use(plan.write, 'write')}(output, field)`,
    'inField = false',
    `done = ${i + 1}`,
  )
}

/**
 * Consecutive words: there is room for all, or each makes its own. An invalid value is left to its own writer, which
 * rejects it.
 */
const addWordsWritten = (code: Code, fields: ReadonlyArray<Field>, start: number, end: number): void => {
  const size = 8 * (end - start)
  code.add(`if (output.fits(${size})) {`, `output.reserve(${size})`, 'const view = output.view')
  for (let i = start; i < end; i++) {
    const { key, plan } = fields[i]!
    const word = wordOf(fields[i]!)!
    code.add(
      `field = value[${quoted(key)}]`,
      `if (${isWord(word, 'field')}) {`,
      ...wordWriting(word, 'field'),
      '} else {',
      'inField = true',
      `${code.use(plan.write, 'write')}(output, field)`,
      '}',
      `done = ${i + 1}`,
    )
  }
  code.add('} else {')
  for (let i = start; i < end; i++) {
    addWritten(code, fields[i]!, i)
  }
  code.add('}')
}
