import { expectNoOptions } from '../combinators/expect.js'
import { endOfFlow } from './delimiter.js'
import type { AnyFlow } from './flow.js'
import { opensFlowEnd } from './machine/run.js'
import type { Delimiter, Side } from './node.js'

/**
 * A delimiter for raw bytes that follow a flow of one side: the bytes end where the flow ends. Use it to pass such
 * bytes on without decoding their messages.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { bool32, utf8 } from 'nix-wire/combinators'
 * import { again, blob, branch, endOf, loop, nothing, says, sequence } from 'nix-wire/conversation'
 *
 * const leaf = sequence(says('client', 'leaf', utf8), again('leaves'))
 * const leaves = loop(
 *   'leaves',
 *   sequence(says('client', 'more', bool32), branch('more', { more: [true, leaf], end: [false, nothing] })),
 * )
 * const delimiter = endOf('leaves', 'client', leaves)
 * delimiter.open(0, {}).push(bytesOf('0100000000000000 0100000000000000 7400000000000000 0000000000000000 99'))
 * // => { used: 32, over: true }
 * blob('client', 'bag', delimiter)
 * ```
 *
 * @throws TypeError for messages of the other side in the flow, and for an incomplete flow.
 */
export const endOf: (name: string, side: Side, flow: AnyFlow) => Delimiter = (
  name,
  side,
  flow,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('endOf', more)
  return endOfFlow(name, side, flow, opensFlowEnd)
}
