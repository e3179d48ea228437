import { flowNode } from '../expect.js'
import {
  type AnyFlow,
  type ClientOf,
  type FailuresOf,
  type Flow,
  flowOf,
  type Leaving,
  type MenuOf,
  type ServerOf,
} from '../flow.js'
import type { FlowNode } from '../node.js'
import type { Gathered, None, Settled, Together } from '../said.js'

type Failures<P> = Settled<Gathered<FailuresOf<P>>, Together<ClientOf<P> | ServerOf<P>>>

/** The union of all parts. */
export type AllOf<P> = [P] extends [infer Q]
  ? Flow<Together<ClientOf<Q>>, Together<ServerOf<Q>>, Together<MenuOf<Q>>, Failures<Q>>
  : never

/** The parts one after another. */
export type SequenceOf<T extends ReadonlyArray<AnyFlow>> = T extends readonly [
  ...ReadonlyArray<AnyFlow>,
  Leaving<unknown, unknown, unknown, unknown>,
]
  ? Leaving<
      Together<ClientOf<T[number]>>,
      Together<ServerOf<T[number]>>,
      Together<MenuOf<T[number]>>,
      Failures<T[number]>
    >
  : AllOf<T[number]>

/**
 * Parts one after another.
 *
 * ```ts
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { says, sequence } from 'nix-wire/conversation'
 *
 * sequence(says('client', 'cups', u8), says('server', 'answer', utf8))
 * ```
 *
 * @throws TypeError for a key that two parts have, for a place that is in no earlier message, and for a part after
 * one that always leaves.
 */
export const sequence = <const T extends ReadonlyArray<AnyFlow>>(...parts: T): SequenceOf<T> =>
  flowOf({
    _tag: 'sequence',
    parts: parts.flatMap((part, at) => partsOf(flowNode(`part ${at} of sequence`, part))),
  })

/** Flattens a sequence inside another one, unless pages distinguish it. */
const partsOf = (node: FlowNode): ReadonlyArray<FlowNode> =>
  node._tag === 'sequence' && node.part === undefined && node.note === undefined ? node.parts : [node]

/** No messages: the flow goes on. */
export const nothing: Flow<None, None, None, None> = flowOf({ _tag: 'sequence', parts: [] })
