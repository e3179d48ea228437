import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { isNone, none, type Option, some } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { kindName } from '../bytes/byte-array.js'
import { objectOf } from '../interpreters/json/text.js'
import { isMembers, type NixJson } from './json.js'
import { addErrors, type Codec } from './parts.js'

/** An optional member of an object. */
interface AnyMember {
  readonly type: t.Decoder<unknown, unknown>
  readonly read: (input: unknown, context: t.Context) => t.Validation<unknown>
  /** Undefined for a value without the member. */
  readonly write: (value: never) => NixJson | undefined
}

interface Member<A> extends AnyMember {
  readonly read: (input: unknown, context: t.Context) => t.Validation<A>
  readonly write: (value: A) => NixJson | undefined
}

export const required = <A>(type: Codec<A>): Member<A> => ({
  type,
  read: (input, context) =>
    input === undefined
      ? t.failure(input, context, 'expected a member of this name')
      : type.validate(input, context),
  write: type.encode,
})

export const optional = <A>(type: Codec<A>): Member<Option<A>> => ({
  type,
  read: (input, context) => {
    if (input === undefined) return t.success(none)
    const read = type.validate(input, context)
    return isLeft(read) ? read : t.success(some(read.right))
  },
  write: (value) => (isNone(value) ? undefined : type.encode(value.value)),
})

/** A member with a default for reading; it is always written. */
export const usually = <A>(type: Codec<A>, value: A): Member<A> => ({
  type,
  read: (input, context) => (input === undefined ? t.success(value) : type.validate(input, context)),
  write: type.encode,
})

/** A member that is present if it is true. */
export const ifTrue = (type: Codec<boolean>): Member<boolean> => ({
  ...usually(type, false),
  write: (value) => (value ? true : undefined),
})

type Members = { readonly [name: string]: AnyMember }

type ValuesOf<M extends Members> = { readonly [K in keyof M]: M[K] extends Member<infer A> ? A : never }

/** An object with these members. Others are ignored, as in Nix: each release adds some. */
export const object = <M extends Members>(name: string, members: M): Codec<ValuesOf<M>> => {
  const all = Object.entries(members)
  const validate: t.Validate<unknown, ValuesOf<M>> = (input, context) => {
    if (!isMembers(input)) {
      const actual = input === null ? 'null' : kindName(input)
      return t.failure(input, context, `expected an object, got ${actual}`)
    }
    const errors: Array<t.ValidationError> = []
    const values: Array<readonly [string, unknown]> = []
    for (const [key, { type, read }] of all) {
      const given = Object.hasOwn(input, key) ? input[key] : undefined
      const value = read(given, t.appendContext(context, key, type, given))
      if (isLeft(value)) {
        addErrors(errors, value)
      } else {
        values.push([key, value.right])
      }
    }
    return errors.length > 0 ? t.failures(errors) : t.success(Object.fromEntries(values) as ValuesOf<M>)
  }
  const encode = (value: ValuesOf<M>): NixJson =>
    objectOf(
      all.flatMap(([key, { write }]) => {
        const json = write(value[key] as never)
        return json === undefined ? [] : [[key, json] as const]
      }),
    )
  const is = (value: unknown): value is ValuesOf<M> => {
    try {
      return isRight(validate(encode(value as ValuesOf<M>), []))
    } catch {
      return false
    }
  }
  return new t.Type<ValuesOf<M>, NixJson, unknown>(name, is, validate, encode)
}
