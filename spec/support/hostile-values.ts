/** Values that run code or lie when they are read; each is made anew, since some work only once. */

const mine = (): never => {
  throw new Error('mine')
}

const throwing = <T extends object>(target: T, traps: ReadonlyArray<keyof ProxyHandler<T>>): T =>
  new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, mine])) as ProxyHandler<T>)

const allTraps = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'] as const

const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

class LongMap<K, V> extends Map<K, V> {
  override get size(): number {
    return super.size + 1
  }
}

class ShortMap<K, V> extends Map<K, V> {
  override get size(): number {
    return Math.max(super.size - 1, 0)
  }
}

class EndlessMap<K, V> extends Map<K, V> {
  override *[Symbol.iterator](): MapIterator<[K, V]> {
    for (;;) yield* super.entries()
  }
}

class OddMap<K, V> extends Map<K, V> {
  override get size(): number {
    return Number.NaN
  }
}

class LongBytes extends Uint8Array {
  override get length(): number {
    return 99
  }
}

class EndlessArray<T> extends Array<T> {
  override *[Symbol.iterator](): ArrayIterator<T> {
    for (;;) yield this[0] as T
  }
}

const arrayThatSays = (items: ReadonlyArray<unknown>, length: unknown): unknown =>
  new Proxy([...items], { get: (target, key) => (key === 'length' ? length : Reflect.get(target, key)) })

const shrunk = (): Uint8Array => {
  // The types of this language level do not know resizable buffers.
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { readonly maxByteLength: number },
  ) => ArrayBuffer & { resize(length: number): void }
  const buffer = new Resizable(16, { maxByteLength: 16 })
  const view = new Uint8Array(buffer, 8, 8)
  buffer.resize(4)
  return view
}

const detached = (): Uint8Array => {
  const bytes = new Uint8Array(8)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}

/** Replaces any value. */
const strangers: ReadonlyArray<readonly [name: string, make: () => unknown]> = [
  ['an object whose every trap throws', () => throwing({}, allTraps)],
  ['an array whose every trap throws', () => throwing([], allTraps)],
  ['a revoked object', () => revoked({})],
  ['a revoked array', () => revoked([])],
  ['a Map by prototype', () => Object.create(Map.prototype)],
  ['a Uint8Array by prototype', () => Object.create(Uint8Array.prototype)],
  ['an Array by prototype', () => Object.create(Array.prototype)],
  ['a proxy of a Map', () => new Proxy(new Map(), {})],
  ['a proxy of a Uint8Array', () => new Proxy(new Uint8Array(8), {})],
  ['a proxy of a Set', () => new Proxy(new Set(), {})],
  ['bytes that say they are longer', () => new LongBytes(8)],
  ['bytes whose buffer has shrunk', shrunk],
  ['bytes whose buffer is gone', detached],
  ['an option whose value throws', () => Object.defineProperty({ _tag: 'Some' }, 'value', { get: mine })],
  ['a tag that throws', () => Object.defineProperty({}, '_tag', { get: mine })],
  ['a tag that cannot be a text', () => ({ _tag: throwing({}, allTraps), type: throwing({}, allTraps) })],
  [
    'something that calls itself',
    () =>
      Object.defineProperty({}, '_tag', {
        get(this: { _tag: unknown }) {
          return this._tag
        },
      }),
  ],
]

const copied = (value: object): object =>
  Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value))

/** The value with one property that throws: always, or the first time only. */
function* withThrowing(value: object): Generator<readonly [string, unknown], void> {
  for (const key of Object.keys(value)) {
    yield [`${key} throws`, Object.defineProperty(copied(value), key, { get: mine })]
    let times = 0
    yield [
      `${key} throws once`,
      Object.defineProperty(copied(value), key, {
        get: () => (times++ === 0 ? mine() : (value as { readonly [key: string]: unknown })[key]),
      }),
    ]
  }
}

function* itemsThatLie(value: ReadonlyArray<unknown>): Generator<readonly [string, unknown], void> {
  for (const length of [value.length + 1, value.length - 1, -1, 0.5, 2 ** 40, Number.NaN, '1', null]) {
    yield [`its length is ${length}`, arrayThatSays(value, length)]
  }
  yield ['an array with another iterator', EndlessArray.from(value)]
  for (const change of ['grows', 'shrinks', 'grows once'] as const) {
    if (value.length > 0) {
      let done = false
      const changing = [...value]
      Object.defineProperty(changing, 0, {
        configurable: true,
        get: () => {
          if (!done) {
            if (change === 'shrinks') changing.length = Math.max(changing.length - 1, 1)
            else changing.push(value[0])
          }
          done ||= change === 'grows once'
          return value[0]
        },
      })
      yield [`an array that ${change}`, changing]
    }
  }
}

function* entriesThatLie(value: ReadonlyMap<unknown, unknown>): Generator<readonly [string, unknown], void> {
  yield ['a Map that says it is larger', new LongMap(value)]
  yield ['a Map that says it is smaller', new ShortMap(value)]
  // For an empty one, the iterator itself would never end.
  if (value.size > 0) yield ['a Map that has no end', new EndlessMap(value)]
  yield ['a Map that has no size', new OddMap(value)]
  yield [
    'a Map whose iterator throws',
    Object.defineProperty(new Map(value), Symbol.iterator, { value: mine }),
  ]
}

function* lies(value: unknown): Generator<readonly [string, unknown], void> {
  for (const [name, make] of strangers) yield [name, make()]
  if (Array.isArray(value)) yield* itemsThatLie(value)
  else if (value instanceof Map) yield* entriesThatLie(value)
  if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Map)
  ) {
    yield* withThrowing(value)
  }
}

/** The value with a lie in place of each of its parts, and the path to it. */
export function* hostile(
  value: unknown,
  path: ReadonlyArray<string | number> = [],
): Generator<
  { readonly what: string; readonly path: ReadonlyArray<string | number>; readonly value: unknown },
  void
> {
  for (const [what, lie] of lies(value)) yield { what, path, value: lie }
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      for (const each of hostile(item, [...path, i])) yield { ...each, value: value.with(i, each.value) }
    }
  } else if (value instanceof Map) {
    let i = 0
    for (const [key, item] of value) {
      for (const each of hostile(item, [...path, i, 'value'])) {
        yield { ...each, value: new Map([...value].map(([k, v]) => [k, k === key ? each.value : v])) }
      }
      for (const each of hostile(key, [...path, i, 'key'])) {
        yield { ...each, value: new Map([...value].map(([k, v]) => [k === key ? each.value : k, v])) }
      }
      i++
    }
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    // A path has no step for an option.
    const isOption = '_tag' in value && (value._tag === 'Some' || value._tag === 'None')
    for (const [key, item] of Object.entries(value)) {
      for (const each of hostile(item, isOption ? path : [...path, key]))
        yield { ...each, value: { ...value, [key]: each.value } }
    }
  }
}
