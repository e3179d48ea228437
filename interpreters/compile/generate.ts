import type { Input } from './input.js'
import { keep } from './kept.js'
import type { Output } from './output.js'
import type { Read, StructPlan, Write } from './plan.js'

/** Whether this environment lets code be made from text; a page with a strict content security policy does not. */
export const mayEvaluate: boolean = (() => {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
})()

/** What a struct's reader or writer is made from. */
interface Parts {
  readonly shape: StructPlan['shape']
  readonly constant: StructPlan['constant']
  readonly fields: ReadonlyArray<{ readonly key: string | number; readonly fixed: boolean }>
}

/** What there is to know of a struct's fields without their plans. */
export const partsOf = ({ shape, constant, fields }: Pick<StructPlan, keyof Parts>): Parts => ({
  shape,
  constant,
  fields: fields.map(({ key, fixed }) => ({ key, fixed: fixed !== null })),
})

/**
 * Reads a struct: one object literal, so that every value has the same hidden class from the start. A loop over
 * keys costs four times as much.
 */
export const structReader = (
  { shape, constant, fields }: Parts,
  reads: ReadonlyArray<Read>,
  evaluate: boolean,
): Read => {
  if (!evaluate) {
    return shape === 'tuple' ? tupleLoop(fields, reads) : recordLoop(constant, fields, reads)
  }
  const values = fields.map((_, i) => `v${i}`).join(', ')
  const lines = fields.map((_, i) => `v${i} = r${i}(i); n = ${i + 1}`)
  const items = fields.flatMap(({ key, fixed }, i) =>
    fixed ? [] : [shape === 'tuple' ? `v${i}` : property(key, `v${i}`)],
  )
  const all = constant === null ? items : [property(constant.key, quoted(constant.value)), ...items]
  const literal = shape === 'tuple' ? `[${all.join(', ')}]` : `{ ${all.join(', ')} }`
  const body = `let ${values}, n = 0\ntry {\n${lines.join('\n')}\n} catch (e) { k(i, e, [${values}], n); throw e }`
  return generate<Read>(
    'r',
    reads,
    fields.length === 0 ? `() => (${literal})` : `(i) => {\n${body}\nreturn ${literal}\n}`,
  )
}

/** Makes a struct of values that are there already, one for each field, the fixed ones too. */
export const structBuilder = (
  { shape, constant, fields }: Parts,
  evaluate: boolean,
): ((values: ReadonlyArray<unknown>) => unknown) => {
  const shown = fields.flatMap(({ key, fixed }, i) => (fixed ? [] : [[key, i] as const]))
  if (shape === 'tuple') {
    return (values) => shown.map(([, i]) => values[i])
  }
  if (!evaluate) {
    const own = constant === null ? [] : [[constant.key, constant.value] as const]
    return (values) => Object.fromEntries([...own, ...shown.map(([key, i]) => [key, values[i]])])
  }
  const items = shown.map(([key, i]) => property(key, `v[${i}]`))
  const all = constant === null ? items : [property(constant.key, quoted(constant.value)), ...items]
  return generate('f', [], `(v) => ({ ${all.join(', ')} })`)
}

/** Writes the fields of a struct; what it is given has been seen to be an object. */
export const structWriter = ({ fields }: Parts, writes: ReadonlyArray<Write>, evaluate: boolean): Write => {
  if (!evaluate) {
    return (output: Output, value: unknown) => {
      for (let i = 0; i < writes.length; i++) {
        const { key, fixed } = fields[i]!
        writes[i]!(output, fixed ? undefined : (value as Record<string | number, unknown>)[key])
      }
    }
  }
  const lines = fields.map(({ key, fixed }, i) => `w${i}(o, ${fixed ? 'undefined' : `v[${quoted(key)}]`})`)
  return generate<Write>('w', writes, `(o, v) => {\n${lines.join('\n')}\n}`)
}

/** Code with the given functions in scope as `prefix0`, `prefix1` … */
const generate = <F>(prefix: string, functions: ReadonlyArray<unknown>, body: string): F =>
  new Function('k', ...functions.map((_, i) => `${prefix}${i}`), `'use strict'\nreturn ${body}`)(
    keepFields,
    ...functions,
  ) as F

const keepFields = (input: Input, error: unknown, values: Array<unknown>, index: number): void => {
  keep(input, error, { _tag: 'struct', values, index })
}

// JSON is JavaScript but for these two, which end a line in older engines.
const quoted = (value: string | number): string =>
  JSON.stringify(value)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')

const property = (key: string | number, value: string): string => `${quoted(key)}: ${value}`

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
