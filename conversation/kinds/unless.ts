import { expectNoOptions } from '../../combinators/expect.js'
import { expectSide, flowNode } from '../expect.js'
import {
  type AnyFlow,
  type ClientOf,
  type FailuresOf,
  type Flow,
  flowOf,
  type MenuOf,
  type ServerOf,
} from '../flow.js'
import type { Side } from '../node.js'

/**
 * The flow, unless a side breaks it off: at any moment that side may send `departs` instead, and the conversation is
 * over.
 *
 * ```ts
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { says, turns, unless } from 'nix-wire/conversation'
 *
 * const orders = turns('orders', says('client', 'order', u8), { Clock: [2, says('server', 'time', utf8)] })
 * unless('server', says('server', 'farewell', utf8), orders)
 * ```
 *
 * @throws TypeError if `departs` has messages of the other side, or an `again` or `ends` that leads out of it.
 */
export const unless: <X extends AnyFlow>(
  side: Side,
  departs: AnyFlow,
  flow: X,
) => Flow<ClientOf<X>, ServerOf<X>, MenuOf<X>, FailuresOf<X>> = (
  side,
  departs,
  flow,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('unless', more)
  expectSide('the side of unless', side)
  return flowOf({
    _tag: 'unless',
    side,
    departs: flowNode(`what the ${side} says when it departs`, departs),
    flow: flowNode('the flow of unless', flow),
  })
}
