import { expectNoOptions } from '../../combinators/expect.js'
import { expectGate, type Gate } from '../../combinators/gate.js'
import { flowNode } from '../expect.js'
import { type AnyFlow, type FailuresOf, flowOf } from '../flow.js'
import type { Gathered } from '../said.js'
import type { WaysOf } from './branch.js'
import { nothing } from './sequence.js'

/**
 * The agreed protocol decides what follows: the flow if the gate holds, else `otherwise`, the third argument (default:
 * nothing).
 *
 * ```ts
 * import { since, u8, utf8 } from 'nix-wire/combinators'
 * import { gated, says, sequence } from 'nix-wire/conversation'
 *
 * sequence(says('client', 'cups', u8), gated(since('1.1'), says('client', 'table', utf8)))
 * ```
 */
export const gated: <X extends AnyFlow, O extends AnyFlow = typeof nothing>(
  gate: Gate,
  flow: X,
  otherwise?: O,
) => WaysOf<X | O, Gathered<FailuresOf<X | O>>> = (
  gate,
  flow,
  otherwise,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('gated', more)
  expectGate(gate)
  return flowOf({
    _tag: 'gated',
    gate,
    flow: flowNode('the flow of gated', flow),
    otherwise: flowNode('otherwise of gated', otherwise === undefined ? nothing : otherwise),
  })
}
