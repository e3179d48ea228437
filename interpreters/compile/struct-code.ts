import { Code, type Making, quoted } from './code.js'
import type { Input } from './input.js'
import { keep } from './kept.js'
import type { Output } from './output.js'
import type { Read, StructPlan, Write } from './plan.js'

/** What a struct's reader or writer is made from. */
interface Parts {
  readonly name: string
  readonly shape: StructPlan['shape']
  readonly constant: StructPlan['constant']
  readonly fields: ReadonlyArray<{ readonly key: string | number; readonly fixed: boolean }>
}

/** What there is to know of a struct's fields without their plans. */
export const partsOf = ({ name, shape, constant, fields }: Pick<StructPlan, keyof Parts>): Parts => ({
  name,
  shape,
  constant,
  fields: fields.map(({ key, fixed }) => ({ key, fixed: fixed !== null })),
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
    reads.forEach((read, i) => {
      code.add(`value${i} = ${code.use(read, 'read')}(input)`, `done = ${i + 1}`)
    })
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
  const code = new Code(`puts together ${name}`, 'values')
  code.add(`return ${literalOf(parts, (i) => `values[${i}]`)}`)
  return code.make(making)
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
