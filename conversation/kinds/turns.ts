import { expectNoOptions } from '../../combinators/expect.js'
import { factsOf } from '../checks/facts-of.js'
import { expectRounds } from '../checks/loop.js'
import { spotsOf } from '../checks/spots.js'
import { expectCases, expectLabels } from '../checks/ways.js'
import { flowNode } from '../expect.js'
import { type AnyFlow, type FailuresOf, type Flow, flowOf } from '../flow.js'
import type { Gathered, None, Outside } from '../said.js'
import { type CaseFlow, type Cases, casesOf } from './branch.js'
import { expectLoop } from './loop.js'

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
  expectLoop('the name of turns', name)
  const what = `the turns ${name}`
  const node = flowNode(`the first message of ${what}`, first)
  if (node._tag !== 'says' || node.side !== 'client') {
    throw new TypeError(`the first message of ${what} must be one message of the client, made by says`)
  }
  const on = [node.key] as const
  const chosen = casesOf(what, cases)
  // The parts that follow would be named in mistakes by what they are made of.
  expectCases(what, chosen)
  expectLabels(what, spotsOf(node.grammar), chosen)
  const decided: AnyFlow = flowOf({ _tag: 'branch', on, cases: chosen, otherwise: null })
  const body: AnyFlow = flowOf({ _tag: 'sequence', parts: [node, decided.node] })
  const until = { end: 'client' } as const
  expectRounds(what, { name, until }, factsOf(body.node))
  return flowOf({ _tag: 'loop', name, body: body.node, until, speech: null })
}
