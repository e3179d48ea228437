import { expectName, expectNoOptions } from '../../combinators/expect.js'
import { flowNode } from '../expect.js'
import { type AnyFlow, type FailuresOf, type Flow, flowOf } from '../flow.js'
import type { Gathered, None, Outside } from '../said.js'
import { type CaseFlow, type Cases, casesOf } from './branch.js'
import { loop } from './loop.js'

/** The flow of each case by its name. */
export type MenuOfCases<T extends Cases> = T extends unknown
  ? { readonly [N in keyof T]: CaseFlow<T[N]> }
  : never

/**
 * The requests of a client, turn by turn, until it closes the connection. The first message of a turn says which case
 * follows. Each case becomes a method of the client and a handler of the server ({@link MethodsOf}, {@link
 * HandlersOf}).
 *
 * ```ts
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { says, sequence, turns } from 'nix-wire/conversation'
 *
 * turns('orders', says('client', 'order', u8), {
 *   Tea: [1, sequence(says('client', 'leaf', utf8), says('server', 'tea', utf8))],
 *   Clock: [2, says('server', 'time', utf8)],
 * })
 * ```
 *
 * @throws TypeError if the first part is not one message of the client, and for labels that this message cannot have.
 */
export const turns: <const N extends string, const T extends Cases>(
  name: N,
  first: AnyFlow,
  cases: T,
) => Flow<None, None, MenuOfCases<T>, Outside<Gathered<FailuresOf<CaseFlow<T[keyof T]>>>, N>> = (
  name,
  first,
  cases,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('turns', more)
  expectName('the name of turns', name)
  const node = flowNode(`the first word of ${name}`, first)
  if (node._tag !== 'says' || node.side !== 'client') {
    throw new TypeError(`the first word of ${name} must be one message of the client, made by says`)
  }
  const on = [node.key] as const
  const chosen = flowOf({ _tag: 'branch', on, cases: casesOf(name, cases), otherwise: null })
  const body: AnyFlow = flowOf({ _tag: 'sequence', parts: [node, chosen.node] })
  return flowOf(loop(name, body, { end: 'client' }).node)
}
