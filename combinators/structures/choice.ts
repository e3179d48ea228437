import { escapedBytes } from '../../bytes/escaped.js'
import { expectNoOptions, expectObject } from '../expect.js'
import { greatestOf } from '../greatest.js'
import {
  type CaseNode,
  type ChoiceNode,
  type Grammar,
  grammarOf,
  type IntGrammar,
  type IntNode,
  type Node,
  nodeName,
  nodeOf,
  type TextGrammar,
  type TextNode,
} from '../node.js'
import { show } from '../show.js'
import type { Fitting, SomeCases, Tag } from './fitting.js'

/** @internal */
export const choice = <A>(
  tag: Tag,
  cases: ReadonlyArray<CaseNode>,
  { shape, rest }: Pick<ChoiceNode, 'shape' | 'rest'>,
): Grammar<A> => {
  const node = markNode('tag', nodeOf('a tag', tag))
  if (cases.length === 0 && rest === undefined) {
    throw new TypeError('there must be at least one case')
  }
  const tags = new Set<unknown>()
  const names = new Set<string>()
  for (const { name, tag } of cases) {
    checkMark(node, tag)
    if (tags.has(tag)) {
      throw new TypeError(`the tag of ${name}, ${tag}, belongs to another case already`)
    }
    if (names.has(name)) {
      throw new TypeError(`there is already a case ${name}`)
    }
    tags.add(tag)
    names.add(name)
  }
  if (rest !== undefined && node._tag === 'int' && BigInt(tags.size) > greatestOf(node)) {
    throw new TypeError(`each of the ${tags.size} possible tags has a case: remove the case for other tags`)
  }
  return grammarOf<A>({ _tag: 'choice', tag: node, cases, ...(rest === undefined ? {} : { rest }), shape })
}

/** @internal A node that can be a tag or a mark: an integer, or text of any kind. */
export const markNode = (role: string, node: Node): IntNode | TextNode => {
  if (node._tag === 'int' || (node._tag === 'text' && node.format === null)) {
    return node
  }
  throw new TypeError(
    `a ${role} must be an unsigned integer or a text without a format, not ${nodeName(node)}`,
  )
}

/** @internal Rejects a value that the node cannot hold. */
export const checkMark = (node: IntNode | TextNode, mark: bigint | string): void => {
  const fits =
    node._tag === 'text'
      ? typeof mark === 'string' && isText(node, mark)
      : typeof mark === 'bigint' && mark >= 0n && mark <= greatestOf(node)
  if (!fits) {
    throw new RangeError(`${show(mark)} does not fit its place on the wire (${nodeName(node)})`)
  }
}

/** @internal Whether some bytes are read as this text. */
export const isText = ({ encoding, limit = Number.POSITIVE_INFINITY }: TextNode, text: string): boolean => {
  const bytes = encoding === 'utf8' && !text.isWellFormed() ? null : escapedBytes(text)
  return bytes !== null && bytes.length <= limit
}

const namesOnly = (cases: { readonly [name: string]: number | string }): ReadonlyArray<CaseNode> =>
  casesOf(cases).map(([name, tag]) => ({ name, tag: markOf(name, tag) }))

/** @internal */
export const casesOf = <A>(cases: { readonly [name: string]: A }): ReadonlyArray<readonly [string, A]> => {
  expectObject('the cases', cases)
  return Object.entries(cases)
}

/** @internal The tag of a case. */
export const markOf = (name: string, mark: unknown): bigint | string => {
  if (typeof mark === 'string') {
    return mark
  }
  return integerOf(`the tag of ${name}`, mark)
}

/** @internal @throws RangeError for anything but an integer. */
export const integerOf = (what: string, value: unknown): bigint => {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    return BigInt(value)
  }
  throw new RangeError(`${what} must be an integer, not ${show(value)}`)
}

/**
 * A number or a text on the wire, and a name for each of its values in the program.
 *
 * ```ts
 * import { bytesOf, compile, enumOf, u8, utf8 } from 'nix-wire'
 *
 * const Colour = enumOf(u8, { Red: 0, Green: 1 })
 * compile(Colour, {}).decode(bytesOf('0100000000000000')) // => { _tag: 'Right', right: 'Green' }
 *
 * const Answer = enumOf(utf8, { Yes: 'y', No: 'n' })
 * compile(Answer, {}).decode(bytesOf('0100000000000000 7900000000000000')) // => { _tag: 'Right', right: 'Yes' }
 * ```
 *
 * Issues: `UnknownTag` for a number or a text without a name; encoding: `Unrepresentable` for an unknown name.
 */
export const enumOf: <
  T extends IntGrammar<number> | TextGrammar,
  const C extends { readonly [name: string]: number | string },
>(
  tag: T,
  cases: C & Fitting<T, C> & SomeCases<C>,
) => Grammar<keyof C & string> = (tag, cases, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('enumOf', more)
  return choice(tag, namesOnly(cases), { shape: { _tag: 'enum' } })
}

/**
 * A number, some of whose values have names. The others stay numbers, so that values of newer peers are kept.
 *
 * ```ts
 * import { bytesOf, compile, openEnumOf, u32 } from 'nix-wire'
 *
 * const Level = openEnumOf(u32, { Low: 0, High: 1 })
 * compile(Level, {}).decode(bytesOf('0900000000000000')) // => { _tag: 'Right', right: 9 }
 * ```
 *
 * Encoding: `Unrepresentable` for a number that has a name, since it would be read back as the name.
 */
export const openEnumOf: <T extends IntGrammar<number>, const C extends { readonly [name: string]: number }>(
  tag: T,
  cases: C & Fitting<T, C>,
) => Grammar<(keyof C & string) | number> = (tag, cases, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('openEnumOf', more)
  return choice(tag, namesOnly(cases), { rest: 'tag', shape: { _tag: 'enum' } })
}

const noneOrSome = (body: Node): ReadonlyArray<CaseNode> => [
  { name: 'None', tag: 0n },
  { name: 'Some', tag: 1n, body },
]

/** @internal The two cases of an optional value by tag. */
export const optionChoice = <A>(tag: Tag, body: Node): Grammar<A> =>
  choice(tag, noneOrSome(body), { shape: { _tag: 'option' } })

/** @internal The same, with all other numbers. */
export const openOptionChoice = <A>(tag: Tag, body: Node): Grammar<A> =>
  choice(tag, noneOrSome(body), { rest: 'tag', shape: { _tag: 'option' } })

/** @internal A number that means absent, besides the names. */
export const optionEnumChoice = <A>(
  tag: Tag,
  absent: number,
  cases: { readonly [name: string]: number },
): Grammar<A> =>
  choice(tag, [{ name: 'None', tag: markOf('None', absent) }, ...namesOnly(cases)], {
    shape: { _tag: 'option' },
  })
