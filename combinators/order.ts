import { isLeft } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { equalValues } from '../bytes/equal.js'
import { compareBytes, compareTexts } from '../bytes/order.js'
import type { CaseNode, ChoiceNode, ImapNode, Node, ResolvedNode, SequenceNode, TextNode } from './node.js'
import type { Protocol } from './protocol.js'
import { viewOf } from './view.js'
import { tagOfNoCase } from './words.js'

/**
 * The order of two values of a node in sets and maps: numbers by size, texts by their bytes or as their format says,
 * structures field by field, collections item by item.
 */
export const compareValues = (node: ResolvedNode, given: Protocol, a: unknown, b: unknown): number => {
  switch (node._tag) {
    case 'int':
    case 'bool':
      return a === b ? 0 : (a as number) < (b as number) ? -1 : 1
    case 'bytes':
      return compareBytes(a as Uint8Array, b as Uint8Array)
    case 'text':
      return node.optional
        ? compareOptions(node, given, a as Option<unknown>, b as Option<unknown>)
        : compareLeaves(node, given, a, b)
    case 'struct':
      return firstDifference(
        node.fields.filter(({ fixed }) => fixed === undefined),
        ({ key, node: field }) => compareValues(field, given, (a as Fields)[key], (b as Fields)[key]),
      )
    case 'sequence':
      return compareSequences(node, given, a, b)
    case 'until':
      return compareItems(node.item, given, a as Items, b as Items)
    case 'choice':
      return compareCases(node, given, a, b)
    case 'pure':
      return 0
    case 'lazy':
      return compareValues(node.get(), given, a, b)
    case 'imap':
      return compareInner(node, given, a, b)
    case 'framed':
      return compareValues(node.inner, given, a, b)
    case 'span':
      return compareValues(node.inner, given, (a as Fields).value, (b as Fields).value)
  }
}

type Fields = { readonly [key: string | number]: unknown }
type Items = ReadonlyArray<unknown>
type Entries = ReadonlyMap<unknown, unknown>

const firstDifference = <A>(parts: ReadonlyArray<A>, compare: (part: A, i: number) => number): number => {
  for (let i = 0; i < parts.length; i++) {
    const order = compare(parts[i]!, i)
    if (order !== 0) {
      return order
    }
  }
  return 0
}

const compareLeaves = ({ format }: TextNode, given: Protocol, a: unknown, b: unknown): number => {
  if (format?.compare !== undefined) {
    return format.compare(a, b)
  }
  const textOf = (value: unknown): string => {
    if (format === null || format.value === 'text') {
      return value as string
    }
    const printed = format.print(value, given)
    return isLeft(printed) ? '' : printed.right
  }
  return compareTexts(textOf(a), textOf(b))
}

const compareOptions = (node: TextNode, given: Protocol, a: Option<unknown>, b: Option<unknown>): number =>
  a._tag === 'Some' && b._tag === 'Some'
    ? compareLeaves(node, given, a.value, b.value)
    : Number(a._tag === 'Some') - Number(b._tag === 'Some')

const compareItems = (item: ResolvedNode, given: Protocol, a: Items, b: Items): number =>
  firstDifference(a.slice(0, b.length), (value, i) => compareValues(item, given, value, b[i])) ||
  a.length - b.length

const compareSequences = (
  node: SequenceNode<ResolvedNode>,
  given: Protocol,
  a: unknown,
  b: unknown,
): number => {
  if (node.kind !== 'map') {
    const inOrder = (items: Items): Items =>
      node.kind === 'set' ? [...items].sort((x, y) => compareValues(node.item, given, x, y)) : items
    return compareItems(node.item, given, inOrder(a as Items), inOrder(b as Items))
  }
  const ascending = (entries: unknown) =>
    [...(entries as Entries)].sort((x, y) => compareValues(node.key, given, x[0], y[0]))
  const [x, y] = [ascending(a), ascending(b)]
  return (
    firstDifference(
      x.slice(0, y.length),
      ([key, value], i) =>
        compareValues(node.key, given, key, y[i]![0]) || compareValues(node.item, given, value, y[i]![1]),
    ) || x.length - y.length
  )
}

const compareInner = (node: ImapNode<ResolvedNode>, given: Protocol, a: unknown, b: unknown): number => {
  const { to } = viewOf(node)
  const [x, y] = [to(a), to(b)]
  return isLeft(x) || isLeft(y) ? compareUnwritten(a, b) : compareValues(node.inner, given, x.right, y.right)
}

/** Values that an `imap` reads but does not write have no order: two of them are equal or not. */
export const compareUnwritten = (a: unknown, b: unknown): number => (equalValues(a, b) ? 0 : 1)

const compareCases = (node: ChoiceNode<ResolvedNode>, given: Protocol, a: unknown, b: unknown): number => {
  const [x, y] = [caseOfValue(node, a), caseOfValue(node, b)]
  const order = compareTags(x.tag, y.tag)
  return order !== 0 || x.body === undefined ? order : compareValues(x.body, given, x.value, y.value)
}

const compareTags = (a: bigint | string, b: bigint | string): number =>
  typeof a === 'string' || typeof b === 'string'
    ? compareTexts(String(a), String(b))
    : Number(a > b) - Number(a < b)

/** What a value of a choice writes: its tag, and the body that follows. */
export interface CaseOfValue<N extends Node = Node> {
  readonly tag: bigint | string
  readonly name: string | null
  readonly body: N | undefined
  readonly value: unknown
}

/** The case of a tag in a value. */
export const caseOfTag = <N>({ cases }: ChoiceNode<N>, tag: unknown): CaseNode<N> | undefined => {
  const wire = typeof tag === 'number' && Number.isInteger(tag) ? BigInt(tag) : tag
  return cases.find((each) => each.tag === wire)
}

/** @throws RangeError for an invalid value of the choice. */
export const caseOfValue = <N extends Node>(node: ChoiceNode<N>, value: unknown): CaseOfValue<N> => {
  const { shape, rest } = node
  const named = (name: unknown, inner: unknown): CaseOfValue<N> => {
    const found = node.cases.find((each) => each.name === name)
    if (found === undefined) {
      throw new RangeError(`there is no case ${String(name)}`)
    }
    return { tag: found.tag, name: found.name, body: found.body, value: inner }
  }
  const free = (given: unknown): bigint | string => {
    const taken = caseOfTag(node, given)
    if (taken !== undefined) {
      throw new RangeError(`expected ${tagOfNoCase(taken.tag, taken.name)}`)
    }
    return typeof given === 'number' ? BigInt(given) : (given as bigint | string)
  }
  if (rest === 'tag' && typeof value === 'number') {
    return { tag: free(value), name: null, body: undefined, value: undefined }
  }
  switch (shape._tag) {
    case 'enum':
      return named(value, undefined)
    case 'tagged': {
      const fields = value as Fields
      const name = fields[shape.key]
      return typeof rest === 'object' && name === rest.name
        ? { tag: free(fields[rest.key]), name: rest.name, body: rest.body, value }
        : named(name, value)
    }
    case 'option': {
      const option = value as Option<unknown>
      if (option._tag === 'None') {
        return named(node.cases[0]!.name, undefined)
      }
      const some = node.cases.find(({ body }) => body !== undefined)
      return some === undefined ? named(option.value, undefined) : named(some.name, option.value)
    }
  }
}
