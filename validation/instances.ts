import { isLeft } from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Ord } from 'fp-ts/lib/Ord.js'
import type { Show } from 'fp-ts/lib/Show.js'
import { showIssue } from '../combinators/issue.js'
import { type Grammar, grammarFor, nodeName } from '../combinators/node.js'
import { compareValues } from '../combinators/order.js'
import type { Protocol } from '../combinators/protocol.js'
import { protocolFor } from '../combinators/protocol-for.js'
import { resolved } from '../combinators/resolved.js'
import { escapeUnseen } from '../combinators/show.js'
import { printJson, toJson } from '../interpreters/json/index.js'

/** Compares values under a protocol. */
const comparison = <A>(of: string, grammar: Grammar<A>, given: Partial<Protocol>) => {
  const agreed = protocolFor(of, grammarFor(of, grammar).node, given)
  const { node } = resolved(grammar, agreed)
  return (a: A, b: A): number => compareValues(node, agreed, a, b)
}

/**
 * The fp-ts `Eq` of a grammar's values: two values are equal if they are encoded as the same bytes. The order of a
 * set's items and of a map's entries does not matter.
 *
 * ```ts
 * import { setOf, u64 } from 'nix-wire'
 * import { eqOf } from 'nix-wire/validation'
 *
 * eqOf(setOf(u64)).equals([1n, 2n], [2n, 1n]) // => true
 * ```
 */
export const eqOf = <A>(grammar: Grammar<A>, given: Partial<Protocol> = {}): Eq<A> => {
  const compare = comparison('eqOf', grammar, given)
  return { equals: (a, b) => a === b || compare(a, b) === 0 }
}

/**
 * The fp-ts `Ord` of a grammar's values, in the order that sets and maps have on the wire: numbers by size, texts by
 * their bytes or by the order of their format, structs field by field, collections item by item.
 *
 * ```ts
 * import { struct, u64, utf8 } from 'nix-wire'
 * import { ordOf } from 'nix-wire/validation'
 * import { readonlyArray as RA } from 'fp-ts'
 *
 * const Tea = struct('Tea', { name: utf8, grams: u64 })
 * const teas = [{ name: 'mint', grams: 2n }, { name: 'cha', grams: 9n }, { name: 'mint', grams: 1n }]
 * RA.sort(ordOf(Tea))(teas).map(({ name, grams }) => `${name} ${grams}`) // => ['cha 9', 'mint 1', 'mint 2']
 * ```
 */
export const ordOf = <A>(grammar: Grammar<A>, given: Partial<Protocol> = {}): Ord<A> => {
  const compare = comparison('ordOf', grammar, given)
  return {
    equals: (a, b) => a === b || compare(a, b) === 0,
    compare: (a, b) => {
      const order = compare(a, b)
      return order < 0 ? -1 : order > 0 ? 1 : 0
    },
  }
}

/**
 * The fp-ts `Show` of a grammar's values: their JSON form on one line, with invisible characters escaped.
 *
 * ```ts
 * import { struct, u64, utf8 } from 'nix-wire'
 * import { showOf } from 'nix-wire/validation'
 *
 * showOf(struct('Tea', { name: utf8, grams: u64 })).show({ name: 'cha', grams: 7n }) // => '{"name":"cha","grams":7}'
 * ```
 *
 * For a value that the protocol cannot carry it is the issue as text.
 */
export const showOf = <A>(grammar: Grammar<A>, given: Partial<Protocol> = {}): Show<A> => {
  const { node } = grammarFor('showOf', grammar)
  const agreed = protocolFor('showOf', node, given)
  return {
    show: (value) => {
      const json = toJson(grammar, agreed, value)
      return isLeft(json)
        ? `not a value of ${nodeName(node)}: ${showIssue(json.left)}`
        : escapeUnseen(printJson(json.right))
    },
  }
}
