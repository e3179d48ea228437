/**
 * Whether two values of a grammar are the same: plain objects, arrays, maps and bytes by what they hold, all else
 * by identity (`NaN` never occurs).
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
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && equalValues(a[key as keyof typeof a], b[key as keyof typeof b]),
    )
  )
}

/** Entry by entry, in their order. */
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
