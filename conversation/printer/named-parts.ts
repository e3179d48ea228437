import { flowNode } from '../expect.js'
import { type AnyFlow, flowOf } from '../flow.js'
import { partsIn } from '../parts.js'

/**
 * The named parts inside a flow, in the order in which they occur, for a page to print besides the flow.
 *
 * ```ts
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { namedParts, part, says, sequence } from 'nix-wire/conversation'
 *
 * const greeting = part('greeting', sequence(says('client', 'hello', u8), says('server', 'welcome', u8)))
 * const order = sequence(greeting, says('client', 'order', utf8))
 * Array.from(namedParts(order).keys()) // => ['greeting']
 * ```
 */
export const namedParts = (flow: AnyFlow): ReadonlyMap<string, AnyFlow> =>
  new Map(partsIn(flowNode('what namedParts takes', flow)).map((node) => [node.part, flowOf(node)]))
