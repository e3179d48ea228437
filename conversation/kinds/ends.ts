import { expectNoOptions } from '../../combinators/expect.js'
import { expectSide } from '../expect.js'
import { flowOf, type Leaving } from '../flow.js'
import type { Side } from '../node.js'
import type { None, Unasked } from '../said.js'

/**
 * A side closes the connection, and the conversation is over.
 *
 * ```ts
 * import { bool32 } from 'nix-wire/combinators'
 * import { branch, ends, nothing, says, sequence } from 'nix-wire/conversation'
 *
 * sequence(says('server', 'open', bool32), branch('open', { Open: [true, nothing], Closed: [false, ends('server')] }))
 * ```
 */
export const ends: (side: Side) => Leaving<None, None, None, { readonly ends: Unasked }> = (
  side,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('ends', more)
  expectSide('the side of ends', side)
  return flowOf({ _tag: 'ends', side })
}
