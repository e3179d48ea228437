import { isLeft } from 'fp-ts/lib/Either.js'
import { LosslessNumber } from 'lossless-json'
import { type FieldPath, showFieldPath } from '../combinators/issue.js'
import type { Json } from '../interpreters/json/index.js'
import { isObject } from '../interpreters/json/text.js'
import { type Format, placeOf } from './format.js'

/** The first place where two values differ. */
export interface ValueDifference {
  readonly _tag: 'value'
  readonly path: FieldPath
  /** The right value, as JSON; undefined if there should be none. */
  readonly expected: Json | undefined
  readonly actual: Json | undefined
  /** Its place in the message: the bytes `[start, end)`. */
  readonly start: number
  readonly end: number
}

/** A field whose bytes differ. */
export interface FieldDifference {
  /** The field, such as `references[0]` or `narSize`; followed by its role for a count, a tag or a mark. */
  readonly field: string
  readonly path: FieldPath
  /** The place of the field in the right bytes: `[start, end)`. */
  readonly start: number
  readonly end: number
  /** The offset, in the right bytes, of each byte that differs. */
  readonly offsets: ReadonlyArray<number>
  readonly expected: Uint8Array
  /** The actual bytes of the field; fewer if the bytes end before. */
  readonly actual: Uint8Array
}

/** Differences between the right and the actual bytes, by field. */
export interface BytesDifference {
  readonly _tag: 'bytes'
  readonly expected: Uint8Array
  readonly actual: Uint8Array
  readonly fields: ReadonlyArray<FieldDifference>
}

export type Difference = ValueDifference | BytesDifference

export interface Differing {
  readonly path: FieldPath
  readonly expected: Json | undefined
  readonly actual: Json | undefined
}

const isArray = (json: Json | undefined): json is ReadonlyArray<Json> => Array.isArray(json)

const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  a instanceof LosslessNumber && b instanceof LosslessNumber ? a.value === b.value : a === b

/** The first place where two JSON values differ; null if they do not. The order of keys does not matter. */
export const differing = (expected: Json | undefined, actual: Json | undefined): Differing | null => {
  if (isArray(expected) && isArray(actual)) {
    for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
      const found = differing(expected[i], actual[i])
      if (found !== null) {
        return below(i, found)
      }
    }
    return null
  }
  if (isObject(expected) && isObject(actual)) {
    const missing = Object.keys(actual).filter((key) => !Object.hasOwn(expected, key))
    for (const key of [...Object.keys(expected), ...missing]) {
      const found = differing(of(expected, key), of(actual, key))
      if (found !== null) {
        return below(key, found)
      }
    }
    return null
  }
  return isSame(expected, actual) ? null : { path: [], expected, actual }
}

const below = (step: string | number, { path, ...values }: Differing): Differing => ({
  path: [step, ...path],
  ...values,
})

const of = (object: { readonly [key: string]: Json }, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined

/** The first difference between the values of the same bytes, and the bytes for it. */
export const valueDifference = <A>(
  format: Format<A>,
  bytes: Uint8Array,
  expected: Json,
  actual: Json | undefined,
): ValueDifference | null => {
  const found = differing(expected, actual)
  if (found === null) {
    return null
  }
  const [start, end] = rangeOf(format, bytes, found.path)
  return { _tag: 'value', ...found, start, end }
}

/** The bytes of the smallest part whose path leads to a place. */
const rangeOf = <A>(format: Format<A>, bytes: Uint8Array, path: FieldPath): readonly [number, number] => {
  const range: [number, number] = [0, bytes.length]
  let longest = 0
  for (const part of format.partsOf(bytes)) {
    const { path: its, start, end } = part
    if (its.length >= longest && its.length <= path.length && its.every((step, i) => step === path[i])) {
      if (its.length > longest || part.role === 'value') {
        range[0] = start
        range[1] = end
      }
      longest = its.length
    }
  }
  return range
}

/** The fields of the right bytes that differ in others; null if none does. */
export const bytesDifference = <A>(
  format: Format<A>,
  expected: Uint8Array,
  actual: Uint8Array,
): BytesDifference | null => {
  if (Buffer.compare(expected, actual) === 0) {
    return null
  }
  const fields: Array<FieldDifference> = []
  for (const { start, end, path, role, parts } of format.partsOf(expected)) {
    if (parts.length > 0) {
      continue
    }
    const offsets: Array<number> = []
    for (let at = start; at < end; at++) {
      if (expected[at] !== actual[at]) {
        offsets.push(at)
      }
    }
    if (offsets.length > 0) {
      const place = showFieldPath(path)
      fields.push({
        field: role === 'value' ? place : `${place} (${role})`,
        path,
        start,
        end,
        offsets,
        expected: expected.slice(start, end),
        actual: actual.slice(start, end),
      })
    }
  }
  if (actual.length > expected.length) {
    fields.push({
      field: 'behind the message',
      path: [],
      start: expected.length,
      end: expected.length,
      offsets: [],
      expected: new Uint8Array(),
      actual: actual.slice(expected.length),
    })
  }
  return { _tag: 'bytes', expected, actual, fields }
}

/** The place in the grammar for a path in JSON: any key of a map is `[]`. */
export const placeInJson = <A>(format: Format<A>, bytes: Uint8Array, path: FieldPath): string => {
  const decoded = format.codec.decode(bytes)
  if (isLeft(decoded)) {
    return placeOf(path)
  }
  let value: unknown = decoded.right
  const steps: Array<string | number> = []
  for (const step of path) {
    value = unwrapped(value)
    if (value instanceof Map) {
      steps.push(0)
      value = [...value.entries()].find(([key, item], i) => key === step || (i === step && item))?.[1]
    } else {
      steps.push(step)
      value =
        typeof value === 'object' && value !== null
          ? (value as { readonly [k: string]: unknown })[step]
          : null
    }
  }
  return placeOf(steps)
}

const unwrapped = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '_tag' in value && value._tag === 'Some' && 'value' in value
    ? value.value
    : value
