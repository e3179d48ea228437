import { escapedBytes } from '../../bytes/escaped.js'
import { expectArray, expectObject, expectText } from '../expect.js'
import {
  type CaseNode,
  type ChoiceNode,
  type Grammar,
  grammarOf,
  type IntGrammar,
  type IntNode,
  isGrammar,
  type Node,
  nodeName,
  nodeOf,
  type StructNode,
  type TextGrammar,
  type TextNode,
} from '../node.js'
import { show } from '../show.js'
import type { Fitting, IsWide, Refused, Tag } from './fitting.js'
import { type AnyStruct, checkKey, type Fields, fieldNodes, type StructValue } from './struct.js'

const choice = <A>(
  tag: Tag,
  cases: ReadonlyArray<CaseNode>,
  rest: Pick<ChoiceNode, 'open' | 'shape'>,
): Grammar<A> => {
  const node = markNode('tag', nodeOf('a tag', tag))
  const tags = new Set<unknown>()
  const names = new Set<string>()
  for (const { name, tag } of cases) {
    checkMark(node, tag)
    if (tags.has(tag)) {
      throw new TypeError(`the tag of ${name}, ${tag}, is taken`)
    }
    if (names.has(name)) {
      throw new TypeError(`there is a case ${name} already`)
    }
    tags.add(tag)
    names.add(name)
  }
  return grammarOf<A>({ _tag: 'choice', tag: node, cases, ...rest })
}

/** @internal What can say what follows: an integer, or text of any kind. */
export const markNode = (role: string, node: Node): IntNode | TextNode => {
  if (node._tag === 'int' || (node._tag === 'text' && node.format === null)) {
    return node
  }
  throw new TypeError(`a ${role} must be an integer or a text without a format`)
}

/** @internal Refuses what the node cannot hold. */
export const checkMark = (node: IntNode | TextNode, mark: bigint | string): void => {
  const fits =
    node._tag === 'text'
      ? typeof mark === 'string' && isText(node, mark)
      : typeof mark === 'bigint' && mark >= 0n && mark <= highest(node)
  if (!fits) {
    throw new RangeError(`${show(mark)} does not fit its place on the wire (${nodeName(node)})`)
  }
}

/** Whether there are bytes that are read as this text. */
const isText = ({ encoding, limit = Number.POSITIVE_INFINITY }: TextNode, text: string): boolean => {
  const bytes = encoding === 'utf8' && !text.isWellFormed() ? null : escapedBytes(text)
  return bytes !== null && bytes.length <= limit
}

const highest = ({ max, keepBits }: IntNode): bigint =>
  keepBits === undefined ? max : 2n ** BigInt(keepBits) - 1n

const namesOnly = (cases: { readonly [name: string]: number | string }): ReadonlyArray<CaseNode> =>
  casesOf(cases).map(([name, tag]) => ({ name, tag: markOf(name, tag) }))

/** @internal */
export const casesOf = <A>(cases: { readonly [name: string]: A }): ReadonlyArray<readonly [string, A]> => {
  expectObject('the cases', cases)
  return Object.entries(cases)
}

const markOf = (name: string, mark: unknown): bigint | string => {
  if (typeof mark === 'string') {
    return mark
  }
  return integerOf(`the tag of ${name}`, mark)
}

/** @internal @throws RangeError for what is no integer. */
export const integerOf = (what: string, value: unknown): bigint => {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    return BigInt(value)
  }
  throw new RangeError(`${what} must be an integer, not ${show(value)}`)
}

/**
 * A number with a name for each of its values; or a word, where the wire has another one than the program.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, enumOf, u8, utf8 } from 'nix-wire/combinators'
 *
 * const Colour = enumOf(u8, { Red: 0, Green: 1 })
 * compile(Colour, {}).decode(bytesOf('0100000000000000')) // => { _tag: 'Right', right: 'Green' }
 *
 * const Answer = enumOf(utf8, { Yes: 'y', No: 'n' })
 * compile(Answer, {}).decode(bytesOf('0100000000000000 7900000000000000')) // => { _tag: 'Right', right: 'Yes' }
 * ```
 *
 * Issues: `UnknownTag` for a number or a word without a name; encoding: `Unrepresentable` for an unknown name.
 */
export const enumOf = <
  T extends IntGrammar<number> | TextGrammar,
  const C extends { readonly [name: string]: number | string },
>(
  tag: T,
  cases: C & Fitting<T, C>,
): Grammar<keyof C & string> => choice(tag, namesOnly(cases), { open: false, shape: { _tag: 'enum' } })

/**
 * A number, some of whose values have names. The others stay numbers, so that what a newer peer sends is kept.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, openEnumOf, u32 } from 'nix-wire/combinators'
 *
 * const Level = openEnumOf(u32, { Low: 0, High: 1 })
 * compile(Level, {}).decode(bytesOf('0900000000000000')) // => { _tag: 'Right', right: 9 }
 * ```
 *
 * Encoding: `Unrepresentable` for a number that has a name; it would be read back as the name.
 */
export const openEnumOf = <T extends IntGrammar<number>, const C extends { readonly [name: string]: number }>(
  tag: T,
  cases: C & Fitting<T, C>,
): Grammar<(keyof C & string) | number> =>
  choice(tag, namesOnly(cases), { open: true, shape: { _tag: 'enum' } })

/** The cases of {@link tagged}: a number or a word, and the fields that follow it, or a struct whose fields do. */
export type TaggedCases = {
  readonly [name: string]: readonly [number | bigint | string, Fields | AnyStruct]
}

/** A union of plain readonly objects, told apart by `K`. */
export type TaggedValue<K extends string, C extends TaggedCases> = C extends unknown
  ? { readonly [N in keyof C & string]: CaseValue<K, N, StructValue<FieldsIn<C[N][1]>>> }[keyof C & string]
  : never

type FieldsIn<B> = B extends AnyStruct ? B['fields'] : B extends Fields ? B : never

/** The tags of the cases of {@link tagged} must fit, and no field has the name of the tag. */
type FittingCases<K extends string, T extends Tag, C extends TaggedCases> = {
  readonly [N in keyof C]: readonly [
    Fitting<T, { readonly [M in keyof C]: C[M][0] }>[N],
    IsWide<K | keyof FieldsIn<C[N][1]>> extends true
      ? unknown
      : K extends keyof FieldsIn<C[N][1]>
        ? Refused<'a field has the name of the tag'>
        : unknown,
  ]
}

/** One of them: the tag first, then the fields. */
export type CaseValue<K extends string, N extends string, V> = V extends unknown
  ? { readonly [P in K | keyof V]: P extends K ? N : P extends keyof V ? V[P] : never }
  : never

/**
 * A number or a word that says which fields follow: a union of objects, told apart by the property `key`.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, struct, tagged, u32, u64, utf8 } from 'nix-wire/combinators'
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
 * The fields of a struct stand beside the tag. For a value that is not a struct give it a field: `{ value: listOf(u8) }`.
 *
 * Issues: `UnknownTag`, and those of the fields; encoding: `Unrepresentable` for an unknown case.
 *
 * @throws RangeError for a tag that its place on the wire cannot hold: a number too large, half a character.
 */
export const tagged = <const K extends string, T extends Tag, const C extends TaggedCases>(
  key: K,
  tag: T,
  cases: C & FittingCases<K, T, C>,
): Grammar<TaggedValue<K, C>> => {
  expectText('the key of tagged', key)
  checkKey(key)
  return choice(
    tag,
    casesOf<TaggedCases[string]>(cases).map(([name, given]) => {
      expectArray(`the case ${name}`, given)
      const [mark, fields] = given
      const body = bodyOf(name, fields)
      if (body.fields.some((field) => field.key === key)) {
        throw new TypeError(`the case ${name} has a field ${key}, which is the name of the tag`)
      }
      return { name, tag: markOf(name, mark), body }
    }),
    { open: false, shape: { _tag: 'tagged', key } },
  )
}

const bodyOf = (name: string, fields: Fields | AnyStruct): StructNode => {
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

const noneOrSome = (body: Node): ReadonlyArray<CaseNode> => [
  { name: 'None', tag: 0n },
  { name: 'Some', tag: 1n, body },
]

/** @internal The two cases of an optional value by tag. */
export const optionChoice = <A>(tag: Tag, body: Node): Grammar<A> =>
  choice(tag, noneOrSome(body), { open: false, shape: { _tag: 'option' } })

/** @internal The same, and all other numbers. */
export const openOptionChoice = <A>(tag: Tag, body: Node): Grammar<A> =>
  choice(tag, noneOrSome(body), { open: true, shape: { _tag: 'option' } })

/** @internal A number that stands for absent, beside the names. */
export const optionEnumChoice = <A>(
  tag: Tag,
  absent: number,
  cases: { readonly [name: string]: number },
): Grammar<A> =>
  choice(tag, [{ name: 'None', tag: markOf('None', absent) }, ...namesOnly(cases)], {
    open: false,
    shape: { _tag: 'option' },
  })
