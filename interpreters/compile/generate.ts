import type { Input } from './input.js'
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
  const lines = fields.map((field, i) => (field.fixed ? `r${i}(i)` : `const v${i} = r${i}(i)`))
  const items = fields.flatMap(({ key, fixed }, i) =>
    fixed ? [] : [shape === 'tuple' ? `v${i}` : property(key, `v${i}`)],
  )
  const all = constant === null ? items : [property(constant.key, quoted(constant.value)), ...items]
  const literal = shape === 'tuple' ? `[${all.join(', ')}]` : `{ ${all.join(', ')} }`
  return generate<Read>('r', reads, `(i) => {\n${lines.join('\n')}\nreturn ${literal}\n}`)
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
  new Function(...functions.map((_, i) => `${prefix}${i}`), `'use strict'\nreturn ${body}`)(...functions) as F

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
    for (let i = 0; i < reads.length; i++) {
      const value = reads[i]!(input)
      if (!fields[i]!.fixed) {
        record[fields[i]!.key] = value
      }
    }
    return record
  }

const tupleLoop =
  (fields: Parts['fields'], reads: ReadonlyArray<Read>): Read =>
  (input: Input) => {
    const items: Array<unknown> = []
    for (let i = 0; i < reads.length; i++) {
      const value = reads[i]!(input)
      if (!fields[i]!.fixed) {
        items.push(value)
      }
    }
    return items
  }
