import { LosslessNumber } from 'lossless-json'
import type { FieldPath } from '../combinators/issue.js'
import type { Part } from '../interpreters/dissect/index.js'
import type { Json } from '../interpreters/json/index.js'
import { isObject } from '../interpreters/json/text.js'
import type { ValueDifference } from './difference.js'
import { type Format, placeOf } from './format.js'

/** A path at which two JSON values differ. */
export interface Differing {
  readonly path: FieldPath
  readonly expected: Json | undefined
  readonly actual: Json | undefined
}

const isArray = (json: Json | undefined): json is ReadonlyArray<Json> => Array.isArray(json)

const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  a instanceof LosslessNumber && b instanceof LosslessNumber ? a.value === b.value : a === b

/** Visits the paths at which two JSON values differ, in their order; false ends it. The order of keys does not matter. */
export const visitDiffering = (
  expected: Json | undefined,
  actual: Json | undefined,
  visit: (found: Differing) => boolean,
): void => {
  const path: Array<string | number> = []
  const below = (step: string | number, ours: Json | undefined, theirs: Json | undefined): boolean => {
    path.push(step)
    const isWanted = compare(ours, theirs)
    path.pop()
    return isWanted
  }
  const compare = (ours: Json | undefined, theirs: Json | undefined): boolean => {
    if (isArray(ours) && isArray(theirs)) {
      for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
        if (!below(i, ours[i], theirs[i])) {
          return false
        }
      }
      return true
    }
    if (isObject(ours) && isObject(theirs)) {
      const missing = Object.keys(theirs).filter((key) => !Object.hasOwn(ours, key))
      return [...Object.keys(ours), ...missing].every((key) => below(key, of(ours, key), of(theirs, key)))
    }
    return isSame(ours, theirs) || visit({ path: path.slice(), expected: ours, actual: theirs })
  }
  compare(expected, actual)
}

const of = (object: { readonly [key: string]: Json }, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined

/** The most places of one answer that are compared. */
const mostPlaces = 100

/** The most paths of one answer that are looked at. */
const mostPaths = 10_000

/** The first difference at each place of the grammar between the JSON of a decoded value and another. */
export const valueDifferences = <A>(
  format: Format<A>,
  bytes: Uint8Array,
  value: A,
  expected: Json,
  actual: Json | undefined,
): ReadonlyMap<string, ValueDifference> => {
  const found = new Map<string, ValueDifference>()
  let parts: ReadonlyArray<Part> | null = null
  let left = mostPaths
  visitDiffering(expected, actual, (each) => {
    const place = placeInJson(value, each.path)
    if (!found.has(place)) {
      parts ??= [...format.partsOf(bytes)]
      const [start, end] = rangeOf(parts, bytes, each.path)
      found.set(place, { _tag: 'value', ...each, start, end })
    }
    return found.size < mostPlaces && --left > 0
  })
  return found
}

/** The bytes of the smallest part whose path leads to a place. */
const rangeOf = (
  parts: ReadonlyArray<Part>,
  bytes: Uint8Array,
  path: FieldPath,
): readonly [number, number] => {
  const range: [number, number] = [0, bytes.length]
  let longest = 0
  for (const { path: its, role, start, end } of parts) {
    if (its.length >= longest && its.length <= path.length && its.every((step, i) => step === path[i])) {
      if (its.length > longest || role === 'value') {
        range[0] = start
        range[1] = end
      }
      longest = its.length
    }
  }
  return range
}

/** The place in the grammar for a path in the JSON of a value: any key of a map is `[]`. */
const placeInJson = (whole: unknown, path: FieldPath): string => {
  let value = whole
  const steps: Array<string | number> = []
  for (const step of path) {
    value = unwrapped(value)
    if (value instanceof Map) {
      steps.push(0)
      value = itemOf(value, step)
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

/** The item of a map under a key of its JSON; a map with other keys than texts is a list of pairs there. */
const itemOf = (map: ReadonlyMap<unknown, unknown>, step: string | number): unknown =>
  typeof step === 'string' ? map.get(step) : [...map.values()][step]
