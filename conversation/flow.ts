import { factsOf } from './checks/facts-of.js'
import { expectOneFamily } from './checks/families.js'
import type { FlowNode } from './node.js'
import type { None } from './said.js'

declare const flowType: unique symbol
declare const goesOn: unique symbol

/** A flow whatever is said in it. */
export interface AnyFlow {
  readonly node: FlowNode
}

/**
 * Who says what, when: an immutable value that says and hears nothing by itself; interpreters do.
 *
 * `C`: what the client says, by key. `S`: what the server says. `M`: what the client chooses from, turn by turn: the flow of
 * each case by its name. `F`: the failures, by the loop that they leave: the values of the cases that leave it.
 */
export interface Flow<out C, out S, out M, out F> extends AnyFlow {
  readonly [flowType]: { readonly client: C; readonly server: S; readonly menu: M; readonly failures: F }
}

/** A flow behind which nothing comes: it leaves a loop around. */
export interface Leaving<out C, out S, out M, out F> extends Flow<C, S, M, F> {
  readonly [goesOn]: false
}

/** What a flow is in its type; of one that says nothing of itself there is nothing. */
export type ClientOf<X> = X extends Flow<infer C, infer _S, infer _M, infer _F> ? C : None
export type ServerOf<X> = X extends Flow<infer _C, infer S, infer _M, infer _F> ? S : None
export type MenuOf<X> = X extends Flow<infer _C, infer _S, infer M, infer _F> ? M : None
export type FailuresOf<X> = X extends Flow<infer _C, infer _S, infer _M, infer F> ? F : None

/** The only place where a node becomes a flow: what cannot work is refused here. */
export const flowOf = <X extends AnyFlow>(node: FlowNode): X => {
  factsOf(Object.freeze(node))
  expectOneFamily(node)
  return Object.freeze({ node }) as X
}
