import { expectEnds } from '../ends.js'
import { expectNoOptions } from '../expect.js'
import {
  type Ending,
  type Grammar,
  grammarOf,
  type IntGrammar,
  type IntNode,
  type Node,
  nodeOf,
  type ToEndGrammar,
} from '../node.js'
import { checkOptions, elsewhere, type OptionChecks, oneOf } from '../options.js'
import { size } from '../primitives/int.js'
import { show } from '../show.js'
import { bounds } from '../size.js'

/** The options of {@link setOf}. */
export interface SetOptions {
  /** The type of the count. Default: `size`. */
  readonly count?: IntGrammar<number>
}

/** The options of {@link mapOf}. */
export interface MapOptions extends SetOptions {
  /** Which of two entries with the same key counts in the compatible profile. Default: `last`. */
  readonly duplicates?: 'first' | 'last'
}

const counted: OptionChecks<SetOptions> = { count: elsewhere }
const listed: OptionChecks<ListOptions> = { ...counted, length: elsewhere }
const mapped: OptionChecks<MapOptions> = { ...counted, duplicates: oneOf(['first', 'last']) }

const countNode = ({ count = size }: SetOptions): IntNode => {
  const node = nodeOf('a count', count)
  if (node._tag !== 'int') {
    throw new TypeError('a count must be an integer')
  }
  return node
}

const refuseEmpty = (kind: string, item: Node): void => {
  if (bounds(item).min === 0) {
    throw new TypeError(
      `a ${kind} of items that may take no bytes: a few bytes could announce any number of them` +
        (kind === 'list' ? '; a list with a length may have them' : ''),
    )
  }
}

/** The length of a list: counted on the wire, or fixed and not on the wire. */
export type ListOptions =
  | (SetOptions & { readonly length?: never })
  | { readonly length: number; readonly count?: never }

/** The limit of a fixed length: each item has its own place in the generated code. */
const mostItems = 1024

/**
 * A count, then that many items; order and duplicates are kept. With a `length`, no count is on the wire and the list
 * always has that many items.
 *
 * ```ts
 * import { bytesOf, compile, listOf, u64 } from 'nix-wire'
 *
 * compile(listOf(u64), {}).decode(bytesOf('0200000000000000 6974000000000000 0a00000000000000'))
 * // => { _tag: 'Right', right: [29801n, 10n] }
 * compile(listOf(u64, { length: 2 })).encode([29801n, 10n])
 * // => { _tag: 'Right', right: bytesOf('6974000000000000 0a00000000000000') }
 * ```
 *
 * Issues: those of the items, with the index in their path; `LimitExceeded` for the count; encoding:
 * `Unrepresentable` for a list of another length than `length`.
 *
 * @throws TypeError if an item may take no bytes; RangeError if `length` is not an integer from 0 to 1024.
 */
export const listOf = <A>(
  item: Grammar<A> & Ending,
  options: ListOptions = {},
): Grammar<ReadonlyArray<A>> => {
  const node = nodeOf('the item of listOf', item)
  checkOptions('listOf', listed, options)
  if (options.length !== undefined) {
    if (options.count !== undefined) {
      throw new TypeError('a list with a length has no count: give one of the two')
    }
    return fixedList(item, options.length)
  }
  return counting('list', node, options)
}

const anotherItem = 'another item may come'

const counting = <A>(kind: 'list' | 'set', item: Node, options: SetOptions): Grammar<ReadonlyArray<A>> => {
  expectEnds(`the item of ${kind}Of`, item, anotherItem)
  refuseEmpty(kind, item)
  return grammarOf<ReadonlyArray<A>>({ _tag: 'sequence', kind, count: countNode(options), item })
}

const fixedList = <A>({ node }: Grammar<A>, length: number): Grammar<ReadonlyArray<A>> => {
  if (!Number.isInteger(length) || length < 0 || length > mostItems) {
    throw new RangeError(`not the length of a list: ${show(length)} (expected 0 to ${mostItems})`)
  }
  if (length > 1) {
    expectEnds('the item of listOf', node, 'another item comes')
  }
  return grammarOf<ReadonlyArray<A>>({
    _tag: 'struct',
    shape: 'tuple',
    fields: Array.from({ length }, (_, key) => ({ key, node })),
  })
}

/**
 * Items up to the end of the message, or of the frames around them, without a count. Order and duplicates are kept.
 *
 * ```ts
 * import { bytesOf, compile, framed, listToEnd, u64 } from 'nix-wire'
 *
 * compile(listToEnd(u64)).decode(bytesOf('6974000000000000 0a00000000000000'))
 * // => { _tag: 'Right', right: [29801n, 10n] }
 * compile(framed(listToEnd(u64))).encode([10n])
 * // => { _tag: 'Right', right: bytesOf('0800000000000000 0a00000000000000 0000000000000000') }
 * ```
 *
 * Nothing can follow it, so it must be the last field of a struct or of a case, or the content of {@link framed};
 * elsewhere use {@link listOf}. A stream is read to its end.
 *
 * Issues: those of the items, with the index in their path (`UnexpectedEnd` if the input ends inside an item);
 * `LimitExceeded` for more items than the codec's collection limit.
 *
 * @throws TypeError for an item that may take no bytes, or that itself reads to the end.
 */
export const listToEnd: <A>(item: Grammar<A> & Ending) => ToEndGrammar<ReadonlyArray<A>> = <A>(
  item: Grammar<A> & Ending,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('listToEnd', more)
  const node = nodeOf('the item of listToEnd', item)
  expectEnds('the item of listToEnd', node, anotherItem)
  if (bounds(node).min === 0) {
    throw new TypeError('listToEnd of items that may take no bytes: there would be no end to them')
  }
  return grammarOf<ReadonlyArray<A>>({
    _tag: 'sequence',
    kind: 'list',
    count: 'toEnd',
    item: node,
  }) as ToEndGrammar<ReadonlyArray<A>>
}

/**
 * A count, then that many items in ascending order, each once. Numbers are ordered by size, texts by their bytes or
 * by the order of their format, structs field by field.
 *
 * Value: an array. The compatible profile keeps the order and the duplicates of the wire; the canonical profile
 * rejects another order (`NotCanonical`) and duplicates (`DuplicateKey`). Encoding sorts the items and rejects
 * duplicates.
 *
 * ```ts
 * import { bytesOf, compile, setOf, utf8 } from 'nix-wire'
 *
 * const wire = bytesOf('0200000000000000 0100000000000000 6100000000000000 0100000000000000 6200000000000000')
 * compile(setOf(utf8), {}).encode(['b', 'a']) // => { _tag: 'Right', right: wire }
 * ```
 */
export const setOf = <A>(item: Grammar<A> & Ending, options: SetOptions = {}): Grammar<ReadonlyArray<A>> => {
  const node = nodeOf('the item of setOf', item)
  checkOptions('setOf', counted, options)
  return counting('set', node, options)
}

/**
 * A count, then that many pairs of key and value, in ascending order of the keys (see {@link setOf} for the order).
 *
 * Value: a `Map`. Of two entries with the same key the compatible profile keeps the last, or the first with
 * `duplicates: 'first'`; the canonical profile rejects them (`DuplicateKey`).
 *
 * ```ts
 * import { bytesOf, compile, mapOf, u64 } from 'nix-wire'
 *
 * compile(mapOf(u64, u64), {}).decode(bytesOf('0100000000000000 6974000000000000 0a00000000000000'))
 * // => { _tag: 'Right', right: new Map([[29801n, 10n]]) }
 * ```
 *
 * Issues: those of keys and values, with index and `key` or `value` in their path.
 */
export const mapOf = <K, V>(
  key: Grammar<K> & Ending,
  value: Grammar<V> & Ending,
  options: MapOptions = {},
): Grammar<ReadonlyMap<K, V>> => {
  const keyNode = nodeOf('the key of mapOf', key)
  const item = nodeOf('the value of mapOf', value)
  checkOptions('mapOf', mapped, options)
  expectEnds('the key of mapOf', keyNode, 'its value comes')
  expectEnds('the value of mapOf', item, 'another entry may come')
  refuseEmpty('map', keyNode)
  return grammarOf<ReadonlyMap<K, V>>({
    _tag: 'sequence',
    kind: 'map',
    count: countNode(options),
    key: keyNode,
    item,
    duplicates: options.duplicates ?? 'last',
  })
}
