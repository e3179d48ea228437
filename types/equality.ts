import { entriesOf } from '../combinators/map-entries.js'

const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Whether two values have the same structure: primitives, arrays, maps (in any order) and plain objects. It recurses as
 * deep as the shallower of the two.
 */
export const sameStructure = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameStructure(item, b[i]))
  }
  if (a instanceof Map) {
    return (
      b instanceof Map &&
      a.size === b.size &&
      entriesOf(a).every(([key, value]) => b.has(key) && sameStructure(value, b.get(key)))
    )
  }
  if (Array.isArray(b) || !isPlain(a) || !isPlain(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameStructure(a[key], b[key]))
  )
}
