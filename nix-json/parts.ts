import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { kindName } from '../bytes/byte-array.js'
import { quoted, show } from '../combinators/show.js'
import { objectOf } from '../interpreters/json/text.js'
import { isMembers, type NixJson } from './json.js'

/** An io-ts codec between JSON and a value. */
export type Codec<A> = t.Type<A, NixJson, unknown>

/** The most errors of one object that are listed. */
const mostErrors = 100

/** Adds the errors of a part to those of the whole. */
export const addErrors = (errors: Array<t.ValidationError>, part: t.Validation<unknown>): void => {
  if (isLeft(part)) {
    for (const error of part.left.slice(0, mostErrors - errors.length)) {
      errors.push(error)
    }
  }
}

const expected = (what: string, actual: unknown): string =>
  `expected ${what}, got ${typeof actual === 'object' && actual !== null ? kindName(actual) : show(actual)}`

/** A value belongs to a codec if it is read back from its JSON. */
export const codec = <A>(
  name: string,
  validate: t.Validate<unknown, A>,
  encode: (value: A) => NixJson,
): Codec<A> =>
  new t.Type<A, NixJson, unknown>(
    name,
    (value): value is A => {
      try {
        return isRight(validate(encode(value as A), []))
      } catch {
        // `encode` does not check the type of its argument.
        return false
      }
    },
    validate,
    encode,
  )

/** A value for one piece of JSON. */
export const piece = <A>(
  name: string,
  read: (input: unknown) => Either<string, A>,
  encode: (value: A) => NixJson,
): Codec<A> =>
  codec(
    name,
    (input, context) => {
      const value = read(input)
      return isLeft(value) ? t.failure(input, context, expected(value.left, input)) : t.success(value.right)
    },
    encode,
  )

/** Another view of the values of a codec. */
export const viewed = <W, A>(
  name: string,
  wire: Codec<W>,
  from: (wire: W) => Either<string, A>,
  to: (value: A) => W,
): Codec<A> =>
  codec(
    name,
    (input, context) => {
      const read = wire.validate(input, context)
      if (isLeft(read)) return read
      const value = from(read.right)
      return isLeft(value) ? t.failure(input, context, `expected ${value.left}`) : t.success(value.right)
    },
    (value) => wire.encode(to(value)),
  )

const greatest = 2n ** 64n - 1n

/** An integer from `least` to 2^64 − 1. */
const integerFrom = (least: bigint, what: string): Codec<bigint> =>
  piece(
    what,
    (input) => {
      const whole = typeof input === 'number' && Number.isSafeInteger(input) ? BigInt(input) : input
      return typeof whole === 'bigint' && whole >= least && whole <= greatest ? right(whole) : left(what)
    },
    (value) => (value <= Number.MAX_SAFE_INTEGER ? Number(value) : value),
  )

export const natural: Codec<bigint> = integerFrom(0n, 'an integer of at least 0')

export const integer: Codec<bigint> = integerFrom(-(2n ** 63n), 'an integer')

/** A natural number that JavaScript can represent exactly. */
export const count: Codec<number> = viewed<bigint, number>(
  'count',
  natural,
  (value) => (value <= Number.MAX_SAFE_INTEGER ? right(Number(value)) : left('at most 2^53 − 1')),
  (value) => BigInt(value),
)

export const text: Codec<string> = piece(
  'a string',
  (input) => (typeof input === 'string' ? right(input) : left('a string')),
  (value) => value,
)

export const flag: Codec<boolean> = piece(
  'true or false',
  (input) => (typeof input === 'boolean' ? right(input) : left('true or false')),
  (value) => value,
)

/** One of these pieces of JSON. */
export const oneOfAll = <A extends string | number | boolean>(all: ReadonlyArray<A>): Codec<A> => {
  const what = all.map((each) => (typeof each === 'string' ? quoted(each) : String(each))).join(' or ')
  const isOne = (input: unknown): input is A => (all as ReadonlyArray<unknown>).includes(input)
  return piece(
    what,
    (input) => {
      const plain = typeof input === 'bigint' ? Number(input) : input
      return isOne(plain) ? right(plain) : left(what)
    },
    (value) => value,
  )
}

export const oneOf = <A extends string | number | boolean>(...all: ReadonlyArray<A>): Codec<A> =>
  oneOfAll(all)

export const nullable = <A>(inner: Codec<A>): Codec<Option<A>> =>
  codec(
    `null or ${inner.name}`,
    (input, context) => {
      if (input === null) return t.success(none)
      const read = inner.validate(input, context)
      return isLeft(read) ? read : t.success(some(read.right))
    },
    (value) => (value._tag === 'None' ? null : inner.encode(value.value)),
  )

export const listOf = <A>(item: Codec<A>): Codec<ReadonlyArray<A>> => t.readonlyArray(item)

/** An object whose keys are texts of a kind. An item may depend on its key. */
export const mapOf = <K, A>(
  key: t.Type<K, NixJson, unknown>,
  given: Codec<A> | ((key: K) => Codec<A>),
): Codec<ReadonlyMap<K, A>> => {
  const itemOf = typeof given === 'function' ? given : () => given
  return codec(
    'an object',
    (input, context) => {
      if (!isMembers(input)) return t.failure(input, context, expected('an object', input))
      const errors: Array<t.ValidationError> = []
      const entries: Array<readonly [K, A]> = []
      for (const [name, value] of Object.entries(input)) {
        const inside = t.appendContext(context, name, key, value)
        const k = key.validate(name, inside)
        const v = isLeft(k) ? k : itemOf(k.right).validate(value, inside)
        if (isRight(k) && isRight(v)) {
          entries.push([k.right, v.right])
        } else {
          addErrors(errors, v)
        }
      }
      return errors.length > 0 ? t.failures(errors) : t.success(new Map(entries))
    },
    (map) =>
      objectOf([...map].map(([name, value]) => [String(key.encode(name)), itemOf(name).encode(value)])),
  )
}
