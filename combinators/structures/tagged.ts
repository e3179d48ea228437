import { expectArray, expectObject, expectText } from '../expect.js'
import {
  type AnyGrammar,
  type Grammar,
  isGrammar,
  nodeName,
  type RestNode,
  type StructNode,
  type TypeOf,
} from '../node.js'
import type { IsWide, Refused } from '../refused.js'
import { casesOf, choice, markOf } from './choice.js'
import type { Fitting, FittingKey, FittingKeys, SomeCases, Tag } from './fitting.js'
import { type AnyStruct, checkKey, type Fields, fieldNodes, type StructValue } from './struct.js'

/**
 * The cases of {@link tagged}: each has a tag (a number or a text), and the fields that follow it or a struct with
 * these fields.
 */
export type TaggedCases = {
  readonly [name: string]: readonly [number | bigint | string, Fields | AnyStruct]
}

/**
 * The case of {@link tagged} for every other tag: its name, the property that keeps the tag, and the fields that
 * follow.
 */
export type TaggedRest = { readonly [name: string]: readonly [string, Fields | AnyStruct] }

/** A union of plain readonly objects, discriminated by `K`. */
export type TaggedValue<K extends string, C extends TaggedCases> = C extends unknown
  ? { readonly [N in keyof C & string]: CaseValue<K, N, StructValue<FieldsIn<C[N][1]>>> }[keyof C & string]
  : never

/** The value for every other tag: the case's name under `K`, the tag under its own key, then the fields. */
export type RestValue<K extends string, M, R extends TaggedRest> = R extends unknown
  ? {
      readonly [N in keyof R & string]: CaseValue<
        K,
        N,
        { readonly [P in R[N][0]]: M } & StructValue<FieldsIn<R[N][1]>>
      >
    }[keyof R & string]
  : never

type FieldsIn<B> = B extends AnyStruct ? B['fields'] : B extends Fields ? B : never

/** A struct has checked its keys itself. */
type FittingBody<B> = B extends AnyStruct ? unknown : FittingKeys<B>

/** The tags of the cases of {@link tagged} must fit, and no field may have the name of the tag. */
type FittingCases<K extends string, T extends Tag, C extends TaggedCases> = {
  readonly [N in keyof C]: readonly [
    Fitting<T, { readonly [M in keyof C]: C[M][0] }>[N],
    Without<K, keyof FieldsIn<C[N][1]>, 'a field has the name of the tag'> & FittingBody<C[N][1]>,
  ]
}

/**
 * There is exactly one such case; its name must be free, and so must the names of the tag and of the property that
 * keeps it.
 */
type FittingRest<K extends string, C extends TaggedCases, R extends TaggedRest> = [keyof R] extends [never]
  ? Refused<'one name for all other tags'>
  : {
      readonly [N in keyof R]: N extends (IsWide<keyof C> extends true ? never : keyof C)
        ? Refused<'a case has this name'>
        : Exclude<keyof R, N> extends never
          ? readonly [
              Without<R[N][0], K | keyof FieldsIn<R[N][1]>, 'the tag or a field has this name'> &
                FittingKey<R[N][0]>,
              Without<K, keyof FieldsIn<R[N][1]>, 'a field has the name of the tag'> & FittingBody<R[N][1]>,
            ]
          : Refused<'one name for all other tags'>
    }

/**
 * Requires a name that is not among others. What the compiler does not know is checked when the grammar is built.
 */
type Without<K, Names, Reason extends string> =
  IsWide<K | Names> extends true ? unknown : K extends Names ? Refused<Reason> : unknown

/** The value of one case: the case's name under `K`, then the fields. */
export type CaseValue<K extends string, N extends string, V> = Flat<{ readonly [P in K]: N } & V>

/** One object type in place of an intersection. */
type Flat<V> = V extends unknown ? { readonly [P in keyof V]: V[P] } : never

/**
 * A tag (a number or a text) that says which fields follow. The value is a union of objects, discriminated by the
 * property `key`.
 *
 * ```ts
 * import { bytesOf, compile, struct, tagged, u32, u64, utf8 } from 'nix-wire'
 *
 * const Field = tagged('type', u32, { Int: [0, { value: u64 }], String: [1, { value: utf8 }] })
 * compile(Field, {}).decode(bytesOf('0000000000000000 0700000000000000'))
 * // => { _tag: 'Right', right: { type: 'Int', value: 7n } }
 *
 * const Point = struct('Point', { x: u64, y: u64 })
 * const Shape = tagged('is', utf8, { Nothing: ['-', {}], Point: ['.', Point] })
 * compile(Shape, {}).encode({ is: 'Point', x: 1n, y: 2n })
 * // => { _tag: 'Right', right: bytesOf('0100000000000000 2e00000000000000 0100000000000000 0200000000000000') }
 * ```
 *
 * The fields are properties beside the tag. For a body that is not a struct write a field: `{ value: listOf(u8) }`.
 *
 * Issues: `UnknownTag`, and those of the fields; encoding: `Unrepresentable` for an unknown case.
 *
 * @throws RangeError for a tag that its grammar cannot write: a number that is too large, a lone surrogate.
 */
export function tagged<const K extends string, T extends Tag, const C extends TaggedCases>(
  key: K & FittingKey<K>,
  tag: T,
  cases: C & FittingCases<K, T, C> & SomeCases<C>,
): Grammar<TaggedValue<K, C>>
/**
 * The same, with a case for every other tag: a name, the property that keeps the tag, and the fields that follow.
 *
 * ```ts
 * import { bytesOf, compile, tagged, u64, utf8 } from 'nix-wire'
 *
 * const Reply = tagged('status', u64, { Ok: [0, {}] }, { Failed: ['code', { message: utf8 }] })
 * compile(Reply, {}).decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: { status: 'Ok' } }
 * compile(Reply, {}).decode(bytesOf('0900000000000000 0200000000000000 6e6f 000000000000'))
 * // => { _tag: 'Right', right: { status: 'Failed', code: 9n, message: 'no' } }
 * ```
 *
 * Issues: those of the tag and of the fields; encoding: `Unrepresentable` if the kept tag is that of a named case,
 * since it would be read back as that case.
 *
 * @throws RangeError as above; TypeError for a name that is taken, and if every possible tag already has a case.
 */
export function tagged<
  const K extends string,
  T extends Tag,
  const C extends TaggedCases,
  const R extends TaggedRest,
>(
  key: K & FittingKey<K>,
  tag: T,
  cases: C & FittingCases<K, T, C>,
  rest: R & FittingRest<K, C, R>,
): Grammar<TaggedValue<K, C> | RestValue<K, TypeOf<T>, R>>
export function tagged(
  key: string,
  tag: Tag,
  cases: TaggedCases,
  ...others: ReadonlyArray<TaggedRest>
): AnyGrammar {
  expectText('the key of tagged', key)
  checkKey(key)
  const made = casesOf<TaggedCases[string]>(cases).map(([name, given]) => {
    expectArray(`the case ${name}`, given)
    const [mark, fields] = given
    return { name, tag: markOf(name, mark), body: bodyOf(name, fields, key) }
  })
  const shape = { _tag: 'tagged', key } as const
  const [rest] = others.map((other) => restOf(key, other))
  if (rest === undefined) {
    return choice(tag, made, { shape })
  }
  if (made.some(({ name }) => name === rest.name)) {
    throw new TypeError(
      `the case for other tags needs a name of its own: there is already a case ${rest.name}`,
    )
  }
  return choice(tag, made, { shape, rest })
}

const restOf = (key: string, rest: TaggedRest): RestNode => {
  expectObject('the case of every other tag', rest)
  const [first, ...others] = Object.entries(rest)
  if (first === undefined || others.length > 0) {
    throw new TypeError(`there must be one case for all other tags, not ${others.length + (first ? 1 : 0)}`)
  }
  const [name, given] = first
  expectArray(`the case ${name}`, given)
  const [own, fields] = given
  expectText(`the property of ${name} that keeps the tag`, own)
  checkKey(own)
  const body = bodyOf(name, fields, key)
  if (own === key || body.fields.some((field) => field.key === own)) {
    throw new TypeError(`the case ${name} cannot keep the tag as ${own}: that name is already used`)
  }
  return { name, key: own, body }
}

const bodyOf = (name: string, fields: Fields | AnyStruct, key: string): StructNode => {
  const body = structOf(name, fields)
  if (body.fields.some((field) => field.key === key)) {
    throw new TypeError(`the case ${name} cannot have a field ${key}: that is the key of the tag`)
  }
  return body
}

const structOf = (name: string, fields: Fields | AnyStruct): StructNode => {
  if (!isGrammar(fields)) {
    return { _tag: 'struct', name, shape: 'record', fields: fieldNodes(name, fields as Fields) }
  }
  const { node } = fields
  if (node._tag !== 'struct' || node.shape !== 'record') {
    throw new TypeError(
      `the case ${name} is ${nodeName(node)}, not a struct: give it a field, such as { value: ${nodeName(node)} }`,
    )
  }
  return node
}
