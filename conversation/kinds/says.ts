import { expectGrammar } from '../../combinators/expect.js'
import type { AnyGrammar, TypeOf } from '../../combinators/node.js'
import { checkOptions, type OptionChecks, word } from '../../combinators/options.js'
import { expectKey, expectSide, placeOf } from '../expect.js'
import { type Flow, flowOf } from '../flow.js'
import type { Side } from '../node.js'
import type { None } from '../said.js'

/** The flow of one message. */
export type Says<D extends Side, K extends string, A> = D extends 'client'
  ? Flow<{ readonly [N in K]: A }, None, None, None>
  : Flow<None, { readonly [N in K]: A }, None, None>

/** The options of {@link says}. */
export interface SaysOptions {
  /** The place of an earlier number: the most bytes or items of this message. */
  readonly atMost?: string
}

const checks: OptionChecks<SaysOptions> = { atMost: word }

/**
 * One message of one side. Its key names it in the rest of the turn: later parts refer to it, or to a field of it, as
 * a place such as `order` or `order.cups`.
 *
 * ```ts
 * import { paddedBytes, struct, u32, utf8 } from 'nix-wire/combinators'
 * import { says, sequence, toTable } from 'nix-wire/conversation'
 *
 * const Order = struct('Order', { tea: utf8, grams: u32 })
 * const order = sequence(says('client', 'order', Order), says('server', 'tea', paddedBytes, { atMost: 'order.grams' }))
 * console.log(toTable(order))
 * // prints:
 * // | from | what | where | note |
 * // | --- | --- | --- | --- |
 * // | client | `order`: Order |  |  |
 * // | server | `tea`: bytes, at most `order.grams` |  |  |
 * ```
 *
 * @throws TypeError for a key that is a number, is `__proto__` or has a dot.
 */
export const says = <const D extends Side, const K extends string, G extends AnyGrammar>(
  side: D,
  key: K,
  grammar: G,
  options: SaysOptions = {},
): Says<D, K, TypeOf<G>> => {
  expectSide('the side of says', side)
  expectKey('says', key)
  expectGrammar(`what is said under ${key}`, grammar)
  checkOptions('says', checks, options)
  const { atMost } = options
  return flowOf({
    _tag: 'says',
    side,
    key,
    grammar,
    atMost: atMost === undefined ? null : placeOf(`atMost of ${key}`, atMost),
  })
}
