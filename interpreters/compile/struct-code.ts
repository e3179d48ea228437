import { Code, type Making, quoted } from './code.js'
import type { Input } from './input.js'
import { keep } from './kept.js'
import type { Output } from './output.js'
import type { Read, StructPlan, Word, Write } from './plan.js'

interface PartField {
  readonly key: string | number
  readonly fixed: boolean
  /** Where the field is one word whose value is taken as it is. */
  readonly word: Word | null
}

/** What a struct's reader or writer is made from. */
interface Parts {
  readonly name: string
  readonly shape: StructPlan['shape']
  readonly constant: StructPlan['constant']
  readonly fields: ReadonlyArray<PartField>
}

/** What there is to know of a struct's fields without their plans. */
export const partsOf = ({ name, shape, constant, fields }: Pick<StructPlan, keyof Parts>): Parts => ({
  name,
  shape,
  constant,
  fields: fields.map(({ key, plan, fixed }) => ({
    key,
    fixed: fixed !== null,
    word: (fixed === null && plan._tag === 'leaf' && plan.leaf.word) || null,
  })),
})

/**
 * Reads a struct: one object literal, so that every value has the same hidden class from the start. A loop over
 * keys costs twice as much.
 */
export const structReader = (parts: Parts, reads: ReadonlyArray<Read>, making: Making): Read => {
  const { name, shape, constant, fields } = parts
  if (!making.evaluate) {
    return shape === 'tuple' ? tupleLoop(fields, reads) : recordLoop(constant, fields, reads)
  }
  const code = new Code(`reads ${name}`, 'input')
  const literal = literalOf(parts, (i) => `value${i}`)
  if (fields.length > 0) {
    const values = fields.map((_, i) => `value${i}`).join(', ')
    code.add(`let ${values}, done = 0`, 'try {')
    for (let i = 0; i < fields.length; ) {
      const end = endOfWords(fields, i)
      if (end - i > 1) {
        addWords(code, fields, reads, i, end)
        i = end
      } else {
        code.add(`value${i} = ${code.use(reads[i], 'read')}(input)`, `done = ${i + 1}`)
        i++
      }
    }
    code.add(
      '} catch (error) {',
      `${code.use(keepFields, 'keepFields')}(input, error, [${values}], done)`,
      'throw error',
      '}',
    )
  }
  code.add(`return ${literal}`)
  return code.make(making)
}

/** Where the words end that begin with this field. */
const endOfWords = (fields: Parts['fields'], start: number): number => {
  let end = start
  while (end < fields.length && fields[end]!.word !== null) {
    end++
  }
  return end
}

/** Words in a row: looked for once, and read in place. One that is refused is left to its own reader. */
const addWords = (
  code: Code,
  fields: Parts['fields'],
  reads: ReadonlyArray<Read>,
  start: number,
  end: number,
): void => {
  const own = (i: number): ReadonlyArray<string> => [
    `value${i} = ${code.use(reads[i], 'read')}(input)`,
    `done = ${i + 1}`,
  ]
  code.add(`if (input.end - input.pos >= ${8 * (end - start)}) {`, 'const view = input.view, pos = input.pos')
  for (let i = start; i < end; i++) {
    const { value, max } = fields[i]!.word!
    const [at, half] = [`pos + ${8 * (i - start)}`, `pos + ${8 * (i - start) + 4}`]
    const low = `view.getUint32(${at}, true)`
    const high = `view.getUint32(${half}, true)`
    if (value === 'bigint') {
      code.add(`value${i} = view.getBigUint64(${at}, true)`)
      continue
    }
    if (max === null) {
      code.add(`value${i} = (${low} | ${high}) !== 0`)
      continue
    }
    code.add(
      `const low${i} = ${low}`,
      `if (${high} !== 0${max < 0xffffffff ? ` || low${i} > ${max}` : ''}) {`,
      `input.pos = ${at}`,
      `done = ${i}`,
      ...own(i),
      `} else value${i} = low${i}${value === 'boolean' ? ' !== 0' : ''}`,
    )
  }
  code.add(`input.pos = pos + ${8 * (end - start)}`, `done = ${end}`, '} else {')
  for (let i = start; i < end; i++) {
    code.add(...own(i))
  }
  code.add('}')
}

/** Makes a struct of values that are there already, one for each field, the fixed ones too. */
export const structBuilder = (
  parts: Parts,
  making: Making,
): ((values: ReadonlyArray<unknown>) => unknown) => {
  const { name, shape, constant, fields } = parts
  const shown = fields.flatMap(({ key, fixed }, i) => (fixed ? [] : [[key, i] as const]))
  if (shape === 'tuple') {
    return (values) => shown.map(([, i]) => values[i])
  }
  if (!making.evaluate) {
    const own = constant === null ? [] : [[constant.key, constant.value] as const]
    return (values) => Object.fromEntries([...own, ...shown.map(([key, i]) => [key, values[i]])])
  }
  const generate = (): ((values: ReadonlyArray<unknown>) => unknown) => {
    const code = new Code(`puts together ${name}`, 'values')
    code.add(`return ${literalOf(parts, (i) => `values[${i}]`)}`)
    return code.make(making)
  }
  // Only a walk asks for it, and most codecs never take one.
  let made: ReturnType<typeof generate> | undefined
  return (values) => {
    made ??= generate()
    return made(values)
  }
}

const literalOf = ({ shape, constant, fields }: Parts, value: (i: number) => string): string => {
  const own = constant === null ? [] : [`${quoted(constant.key)}: ${quoted(constant.value)}`]
  const items = fields.flatMap(({ key, fixed }, i) =>
    fixed ? [] : [shape === 'tuple' ? value(i) : `${quoted(key)}: ${value(i)}`],
  )
  const all = [...own, ...items].join(', ')
  return shape === 'tuple' ? `[${all}]` : `{ ${all} }`
}

/** Writes the fields of a struct; `check` refuses what is none. */
export const structWriter = (
  { name, fields }: Parts,
  check: Write,
  writes: ReadonlyArray<Write>,
  making: Making,
): Write => {
  if (!making.evaluate) {
    return (output: Output, value: unknown) => {
      check(output, value)
      for (let i = 0; i < writes.length; i++) {
        const { key, fixed } = fields[i]!
        writes[i]!(output, fixed ? undefined : (value as Record<string | number, unknown>)[key])
      }
    }
  }
  const code = new Code(`writes ${name}`, 'output, value')
  code.add(`${code.use(check, 'check')}(output, value)`)
  fields.forEach(({ key, fixed }, i) => {
    const field = fixed ? 'undefined' : `value[${quoted(key)}]`
    code.add(`${code.use(writes[i], 'write')}(output, ${field})`)
  })
  return code.make(making)
}

const keepFields = (input: Input, error: unknown, values: Array<unknown>, index: number): void => {
  keep(input, error, { _tag: 'struct', values, index })
}

const recordLoop =
  (constant: Parts['constant'], fields: Parts['fields'], reads: ReadonlyArray<Read>): Read =>
  (input: Input) => {
    const record: Record<string, unknown> = constant === null ? {} : { [constant.key]: constant.value }
    let i = 0
    try {
      for (; i < reads.length; i++) {
        const value = reads[i]!(input)
        if (!fields[i]!.fixed) {
          record[fields[i]!.key] = value
        }
      }
    } catch (error) {
      keepFields(
        input,
        error,
        fields.map(({ key }) => record[key]),
        i,
      )
      throw error
    }
    return record
  }

const tupleLoop =
  (fields: Parts['fields'], reads: ReadonlyArray<Read>): Read =>
  (input: Input) => {
    const values: Array<unknown> = []
    try {
      while (values.length < reads.length) {
        values.push(reads[values.length]!(input))
      }
    } catch (error) {
      keepFields(input, error, values, values.length)
      throw error
    }
    return values.filter((_, i) => !fields[i]!.fixed)
  }
