/** The value with each of its parts in turn replaced or removed. */
export function* damaged(value: unknown, by: unknown): Generator<unknown, void> {
  yield by
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      for (const each of damaged(item, by)) yield value.with(i, each)
    }
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      for (const each of damaged(item, by)) yield new Map([...value, [key, each]])
      yield new Map([...value, [by, item]])
    }
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const [key, item] of Object.entries(value)) {
      for (const each of damaged(item, by)) yield { ...value, [key]: each }
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key))
    }
  }
}
