/**
 * Whether two values of a grammar are equal: objects, arrays, maps, sets and bytes by their contents; instances of a
 * class with a `toJSON`, such as dates, by its result. Other instances are equal only to themselves (`NaN` never
 * occurs).
 */
export const equalValues = (a: unknown, b: unknown): boolean => {
  if (a === b) {
    return true
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && equalItems(a, b)
  }
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && equalItems(a, b)
  }
  if (a instanceof Map || b instanceof Map) {
    return a instanceof Map && b instanceof Map && equalEntries(a, b)
  }
  if (a instanceof Set || b instanceof Set) {
    return a instanceof Set && b instanceof Set && equalItems([...a], [...b])
  }
  return isPlain(a) && isPlain(b) ? equalFields(a, b) : equalInstances(a, b)
}

/** An object without a class, of any realm. */
export const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const equalFields = (a: object, b: object): boolean => {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && equalValues(a[key as keyof typeof a], b[key as keyof typeof b]),
    )
  )
}

const equalInstances = (a: object, b: object): boolean => {
  const [x, y] = [ownJson(a), ownJson(b)]
  if (x !== undefined || y !== undefined) {
    return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && equalValues(x, y)
  }
  return Object.keys(a).length > 0 && equalFields(a, b)
}

/** The JSON of an instance, if it has one: a date as a text. */
export const ownJson = (value: object): unknown =>
  !isPlain(value) && 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : undefined

/** Entry by entry, in order. */
const equalEntries = (a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean => {
  const others = b.entries()
  for (const [key, value] of a) {
    const other = others.next()
    if (other.done === true || !equalValues(key, other.value[0]) || !equalValues(value, other.value[1])) {
      return false
    }
  }
  return others.next().done === true
}

const equalItems = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean => {
  if (a.length !== b.length) {
    return false
  }
  for (let i = 0; i < a.length; i++) {
    if (!equalValues(a[i], b[i])) {
      return false
    }
  }
  return true
}
