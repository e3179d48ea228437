import { equalValues } from '../../../bytes/equal.js'
import { lastFieldOf } from '../../../combinators/ends.js'
import { nodeName, type ResolvedNode, type StructNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import type { Output } from '../output.js'
import type { Builder, Plan, Resume, Write } from '../plan.js'
import { refuseRead, stopReading, stopWriting } from '../stops.js'
import { unrepresentable } from './collections.js'
import {
  type CheckField,
  type Constant,
  type Field,
  type StopFields,
  type Struct,
  structBuilder,
  structReader,
  structWriter,
} from './struct-code.js'

/** Consecutive fields: a record or a tuple. */
export const structPlan = (
  node: StructNode<ResolvedNode>,
  builder: Builder,
  constant: Constant | null = null,
): Plan => {
  const { settings } = builder
  const last = lastFieldOf(node)
  const fields = node.fields.map(
    (field, i): Field => ({
      key: field.key,
      plan: i < last ? builder.inner(field.node) : builder.plan(field.node),
      fixed: field.fixed ?? null,
    }),
  )
  const struct: Struct = { name: nodeName(node), shape: node.shape, constant, fields }
  const stop: StopFields = (input, error, values, index, offset) => {
    const { key, plan: field } = fields[index]!
    return stopReading(input, error, plan, field, [key], { values, index, offset })
  }
  const check: CheckField = (input, index, found, offset) => {
    const { value, ignored } = fields[index]!.fixed!
    if ((settings.canonical || !ignored) && found !== value && !equalValues(found, value)) {
      const [expected, actual] = words.fixedAndFound(value, found)
      refuseRead(input, plan, 'UnexpectedValue', offset, expected, actual)
    }
  }
  const resume = reader(struct, structBuilder(struct, settings), check, stop)
  const stopAt = (output: Output, error: unknown, index: number, inField: boolean): unknown => {
    const { key, plan: field, fixed } = fields[index]!
    if (fixed !== null) {
      // The value is the struct's own, so an issue in it is not in a part of the caller's value.
      output.stops.length = 0
    }
    return stopWriting(output, error, plan, inField && fixed === null ? field : null, [key])
  }
  const expect = expectStruct(struct)
  const comparers = fields.map((field) => field.plan.compareWritten)
  const plan: Plan = {
    name: struct.name,
    min: fields.reduce((sum, field) => sum + field.plan.min, 0),
    wire: 'number',
    read: settings.evaluate ? structReader(struct, check, stop, settings) : resume,
    resume,
    write: settings.evaluate
      ? structWriter(struct, expect, stopAt, settings)
      : writer(struct, expect, stopAt),
    compare: (a, b) => {
      for (const { key, plan: field, fixed } of fields) {
        const order = fixed === null ? field.compare((a as Fields)[key], (b as Fields)[key]) : 0
        if (order !== 0) {
          return order
        }
      }
      return 0
    },
    compareWritten: (x, y) => {
      for (const compareField of comparers) {
        // Fixed fields have equal bytes.
        const order = compareField(x, y)
        if (order !== 0) {
          return order
        }
      }
      return 0
    },
    skip: (input) => {
      for (const field of fields) {
        field.plan.skip(input)
      }
    },
  }
  return plan
}

type Fields = { readonly [key: string | number]: unknown }

interface Kept {
  readonly values: Array<unknown>
  /** The index of the current field, and its offset. */
  readonly index: number
  readonly offset: number
}

const reader = (
  { fields }: Struct,
  build: (values: ReadonlyArray<unknown>) => unknown,
  check: CheckField,
  stop: StopFields,
): Resume => {
  const reads = fields.map(({ plan }) => plan.read)
  const fixed = fields.map((field) => field.fixed !== null)
  return (input, kept, given) => {
    const started = kept as Kept | undefined
    const values = started?.values ?? []
    let index = started?.index ?? 0
    let offset = started?.offset ?? 0
    let isGiven = started !== undefined
    try {
      for (; index < reads.length; index++) {
        offset = isGiven ? offset : input.base + input.pos
        values[index] = isGiven ? given : reads[index]!(input)
        isGiven = false
        if (fixed[index]) {
          check(input, index, values[index], offset)
        }
      }
    } catch (error) {
      throw stop(input, error, values, index, offset)
    }
    return build(values)
  }
}

/** Rejects a value without fields, or a tuple of another length. */
const expectStruct = ({ shape, fields }: Struct): Write => {
  if (shape === 'record') {
    return (output, value) => {
      if (typeof value !== 'object' || value === null) {
        unrepresentable(output, words.anObject, value)
      }
    }
  }
  const length = fields.filter(({ fixed }) => fixed === null).length
  return (output, value) => {
    if (!Array.isArray(value) || value.length !== length) {
      unrepresentable(output, words.anArrayOf(length), value)
    }
  }
}

const writer =
  (
    { fields }: Struct,
    expect: Write,
    stop: (output: Output, error: unknown, index: number, inField: boolean) => unknown,
  ): Write =>
  (output, value) => {
    expect(output, value)
    let i = 0
    let inField = false
    try {
      for (; i < fields.length; i++) {
        const { key, plan, fixed } = fields[i]!
        inField = false
        const field = fixed === null ? (value as Fields)[key] : fixed.value
        inField = true
        plan.write(output, field)
      }
    } catch (error) {
      throw stop(output, error, i, inField)
    }
  }
