import fc from 'fast-check'

/** A value of the same type that is likely to show a mistake, and is often invalid in the grammar. */
const odd = (value: unknown): ReadonlyArray<unknown> => {
  switch (typeof value) {
    case 'string':
      return ['', '\ud800', `${value}\udfff`, 'a\udc41', '\udcc3\udca9', '\ufeff', `${value}/`, `/${value}`]
    case 'number':
      return [-1, 0, 1, 2, 255, 256, 0.5, Number.NaN, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 64]
    case 'bigint':
      return [-1n, 0n, 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n, 2n ** 64n + 1n]
    case 'boolean':
      return [!value]
    default:
      return [value]
  }
}

/** Changes one place in a value; `place` and `choice` select where and how. */
const tampered = (value: unknown, place: ReadonlyArray<number>, choice: number): unknown => {
  const [step, ...rest] = place
  if (step === undefined || typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    const others = odd(value)
    return others[choice % others.length]
  }
  if (Array.isArray(value)) {
    return tamperedItems(value, step, rest, choice)
  }
  if (value instanceof Map) {
    return new Map(
      tamperedItems([...value], step, rest, choice).flatMap((entry) =>
        Array.isArray(entry) && entry.length === 2 ? [[entry[0], entry[1]] as const] : [],
      ),
    )
  }
  // The tag stays, since it decides the type.
  const keys = Object.keys(value).filter((key) => key !== '_tag')
  const chosen = keys[step % Math.max(keys.length, 1)]
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === chosen ? tampered(each, rest, choice) : each]),
  )
}

const tamperedItems = (
  items: ReadonlyArray<unknown>,
  step: number,
  rest: ReadonlyArray<number>,
  choice: number,
): ReadonlyArray<unknown> => {
  const at = step % Math.max(items.length, 1)
  switch (Math.floor(step / 32)) {
    case 0:
      return [...items].reverse()
    case 1:
      return items.filter((_, i) => i !== at)
    case 2:
      return [...items, ...items.slice(at, at + 1)]
    case 3:
      return [...items, ...items.slice(at, at + 1).map((item) => sameKey(item, items[choice % items.length]))]
    default:
      return items.map((item, i) => (i === at ? tampered(item, rest, choice) : item))
  }
}

/** An entry of a map with the value of another. */
const sameKey = (entry: unknown, other: unknown): unknown =>
  Array.isArray(entry) && Array.isArray(other) && entry.length === 2 ? [entry[0], other[1]] : entry

/** Values of the same types that are a few changes away from those of a grammar, and may be invalid. */
export const tamper = (values: fc.Arbitrary<unknown>, most = 1): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      values,
      fc.array(fc.tuple(fc.array(fc.nat(255), { maxLength: 6 }), fc.nat(59)), {
        minLength: 1,
        maxLength: most,
      }),
    )
    .map(([value, changes]) =>
      changes.reduce((made: unknown, [place, choice]) => tampered(made, place, choice), value),
    )

/** A text that is equal for two values if they differ only in the order of items. */
export const withoutOrder = (value: unknown): string => {
  if (Array.isArray(value)) {
    return `[${value.map(withoutOrder).sort().join(',')}]`
  }
  if (value instanceof Map) {
    return `Map${withoutOrder([...value])}`
  }
  if (value instanceof Uint8Array) {
    return `bytes(${value.join()})`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${withoutOrder(each)}`)
    return `{${members.sort().join(',')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`
}
