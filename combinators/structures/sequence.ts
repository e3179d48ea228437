import { type Grammar, grammarOf, type IntGrammar, type IntNode, type Node } from '../node.js'
import { size } from '../primitives/int.js'
import { bounds } from '../size.js'

interface CountOption {
  /** The type of the count; a size where nothing is said. */
  readonly count?: IntGrammar<number>
}

const countNode = ({ count = size }: CountOption): IntNode => {
  if (count.node._tag !== 'int') {
    throw new TypeError('a count must be an integer')
  }
  return count.node
}

const refuseEmpty = (kind: string, item: Node): void => {
  if (bounds(item).min === 0) {
    throw new TypeError(
      `a ${kind} of items that may take no bytes: a few bytes could announce any number of them` +
        (kind === 'list' ? '; a list with a length may have them' : ''),
    )
  }
}

/** How many items a list has: as many as its count says, or, without a count on the wire, a length known before. */
export type ListOptions = (CountOption & { readonly length?: never }) | FixedLength

interface FixedLength {
  readonly length: number
  readonly count?: never
}

/** Each item of a list of fixed length has its own place in the code that reads it. */
const mostItems = 1024

/**
 * A count, and that many items; order and duplicates are kept. With a `length` there is no count, and always as many
 * items.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, listOf, u64 } from 'nix-wire/combinators'
 *
 * compile(listOf(u64), {}).decode(bytesOf('0200000000000000 6974000000000000 0a00000000000000'))
 * // => { _tag: 'Right', right: [29801n, 10n] }
 * compile(listOf(u64, { length: 2 })).encode([29801n, 10n])
 * // => { _tag: 'Right', right: bytesOf('6974000000000000 0a00000000000000') }
 * ```
 *
 * Issues: those of the items, with the index in their path; `LimitExceeded` for the count; encoding: `Unrepresentable`
 * for another `length`.
 *
 * @throws TypeError where an item may take no bytes; RangeError for a `length` that is not 0 to 1024.
 */
export const listOf = <A>(item: Grammar<A>, options: ListOptions = {}): Grammar<ReadonlyArray<A>> => {
  if (options.length !== undefined) {
    return fixedList(item, options.length)
  }
  refuseEmpty('list', item.node)
  return grammarOf<ReadonlyArray<A>>({
    _tag: 'sequence',
    kind: 'list',
    count: countNode(options),
    item: item.node,
  })
}

const fixedList = <A>({ node }: Grammar<A>, length: number): Grammar<ReadonlyArray<A>> => {
  if (!Number.isInteger(length) || length < 0 || length > mostItems) {
    throw new RangeError(`not the length of a list: ${length} (expected 0 to ${mostItems})`)
  }
  return grammarOf<ReadonlyArray<A>>({
    _tag: 'struct',
    shape: 'tuple',
    fields: Array.from({ length }, (_, key) => ({ key, node })),
  })
}

/**
 * A count, and that many items in ascending order, each once. Order: numbers by size, texts by their bytes or as
 * their format has it, structures field by field.
 *
 * The compatible profile keeps the wire's order and duplicates, the canonical one refuses disorder
 * (`NotCanonical`) and duplicates (`DuplicateKey`). Encoding sorts, and refuses duplicates.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, setOf, utf8 } from 'nix-wire/combinators'
 *
 * const wire = bytesOf('0200000000000000 0100000000000000 6100000000000000 0100000000000000 6200000000000000')
 * compile(setOf(utf8), {}).encode(['b', 'a']) // => { _tag: 'Right', right: wire }
 * ```
 */
export const setOf = <A>(item: Grammar<A>, options: CountOption = {}): Grammar<ReadonlyArray<A>> => {
  refuseEmpty('set', item.node)
  return grammarOf<ReadonlyArray<A>>({
    _tag: 'sequence',
    kind: 'set',
    count: countNode(options),
    item: item.node,
  })
}

/**
 * A count, and that many pairs of key and value, ascending by key (the order of {@link setOf}).
 *
 * Of two entries with one key the compatible profile keeps the last, or the first where `duplicates` says so; the
 * canonical one refuses them.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, mapOf, u64 } from 'nix-wire/combinators'
 *
 * compile(mapOf(u64, u64), {}).decode(bytesOf('0100000000000000 6974000000000000 0a00000000000000'))
 * // => { _tag: 'Right', right: new Map([[29801n, 10n]]) }
 * ```
 *
 * Issues: those of keys and values, with index and `key` or `value` in their path.
 */
export const mapOf = <K, V>(
  key: Grammar<K>,
  value: Grammar<V>,
  options: CountOption & { readonly duplicates?: 'first' | 'last' } = {},
): Grammar<ReadonlyMap<K, V>> => {
  refuseEmpty('map', key.node)
  return grammarOf<ReadonlyMap<K, V>>({
    _tag: 'sequence',
    kind: 'map',
    count: countNode(options),
    key: key.node,
    item: value.node,
    duplicates: options.duplicates ?? 'last',
  })
}
