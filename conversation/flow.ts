import { later } from '../bytes/later.js'
import { ofFlow } from '../combinators/expect.js'
import { factsOf } from './checks/facts-of.js'
import { expectOneFamily } from './checks/families.js'
import type { FlowNode } from './node.js'
import type { None } from './said.js'

declare const flowType: unique symbol
declare const goesOn: unique symbol

/** A flow with any messages. */
export interface AnyFlow {
  readonly node: FlowNode
}

/**
 * Describes who sends which message when. A flow is immutable data; interpreters such as {@link connectFlow} and
 * {@link observe} follow it.
 *
 * `C`: the client's messages, by key. `S`: the server's messages. `M`: the cases of the turns that the client chooses
 * from, as flows by name. `F`: the failures: the values of the cases that leave a loop, by the loop.
 */
export interface Flow<out C, out S, out M, out F> extends AnyFlow {
  readonly [flowType]: { readonly client: C; readonly server: S; readonly menu: M; readonly failures: F }
}

/** A flow that nothing can follow, since it always leaves a loop around it. */
export interface Leaving<out C, out S, out M, out F> extends Flow<C, S, M, F> {
  readonly [goesOn]: false
}

/** The messages of the client in a flow, by key. */
export type ClientOf<X> = X extends Flow<infer C, infer _S, infer _M, infer _F> ? C : None
/** The messages of the server in a flow, by key. */
export type ServerOf<X> = X extends Flow<infer _C, infer S, infer _M, infer _F> ? S : None
/** The cases of the turns of a flow, by name. */
export type MenuOf<X> = X extends Flow<infer _C, infer _S, infer M, infer _F> ? M : None
/** The failures of a flow, by the loop that they leave. */
export type FailuresOf<X> = X extends Flow<infer _C, infer _S, infer _M, infer F> ? F : None

/** The only place where a node becomes a flow: invalid ones are rejected here. */
export const flowOf = <X extends AnyFlow>(node: FlowNode): X => {
  factsOf(Object.freeze(node))
  expectOneFamily(node)
  return Object.freeze({ node: ofFlow(node) }) as X
}

/** A flow that is built on first use: most programs use few of those in a library. */
export const builtLater = <X extends AnyFlow>(build: () => X): X => {
  const built = later(build)
  return Object.freeze({
    get node() {
      return built().node
    },
  }) as AnyFlow as X
}
