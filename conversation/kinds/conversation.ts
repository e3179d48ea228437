import { expectName, expectNoOptions } from '../../combinators/expect.js'
import type { Refused } from '../../combinators/refused.js'
import { expectWhole } from '../checks/whole.js'
import { flowNode } from '../expect.js'
import { type AnyFlow, type FailuresOf, flowOf } from '../flow.js'
import { partsIn } from '../parts.js'

/** Requires that each loop that is left is around. */
type Closed<F> =
  Exclude<keyof F, 'ends'> extends infer L
    ? [L] extends [never]
      ? unknown
      : Refused<`again('${L & string}') is not inside a loop of that name`>
    : never

/**
 * A complete conversation, from its first message to its last. It checks that nothing in the flow refers to something
 * outside.
 *
 * ```ts
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { conversation, says, sequence, turns } from 'nix-wire/conversation'
 *
 * const kitchen = conversation(
 *   'kitchen',
 *   sequence(
 *     says('client', 'hello', u8),
 *     turns('orders', says('client', 'order', u8), {
 *       Tea: [1, sequence(says('client', 'leaf', utf8), says('server', 'tea', utf8))],
 *     }),
 *   ),
 * )
 * ```
 *
 * @throws TypeError for a place that is in no earlier message, for `again` without a loop of that name around it, and
 * for two parts with the same name.
 */
export const conversation: <X extends AnyFlow>(name: string, flow: X & Closed<FailuresOf<X>>) => X = (
  name,
  flow,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('conversation', more)
  expectName('the name of a conversation', name)
  const node = flowNode(`the conversation ${name}`, flow)
  expectWhole(node)
  expectNamesOnce(flow)
  return flowOf({ ...node, part: name })
}

const expectNamesOnce = ({ node }: AnyFlow): void => {
  const names = new Set<string>()
  for (const { part } of partsIn(node)) {
    if (names.has(part)) {
      throw new TypeError(`two parts have the name ${part}`)
    }
    names.add(part)
  }
}
