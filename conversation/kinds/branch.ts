import { kindName } from '../../bytes/byte-array.js'
import { expectNoOptions, expectObject } from '../../combinators/expect.js'
import { expectGate, type Gate } from '../../combinators/gate.js'
import { show } from '../../combinators/show.js'
import { expectKey, flowNode, placeOf } from '../expect.js'
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
import type { Case, Label } from '../node.js'
import type { AnyOther, Decided, Gathered, OneOf, Together } from '../said.js'

/**
 * A flow, whose label is then the name of the case; or a label, a flow, and optionally the gate of the protocols that
 * have the case.
 */
export type CaseGiven = AnyFlow | readonly [label: Label, flow: AnyFlow, gate?: Gate]

export type Cases = { readonly [name: string]: CaseGiven }

/** The flow of a case. */
export type CaseFlow<X> = X extends readonly [Label, infer X2, ...ReadonlyArray<unknown>] ? X2 : X

type LabelOf<X, N> = X extends readonly [infer L, ...ReadonlyArray<unknown>] ? L : N

type AnyLeaving = Leaving<unknown, unknown, unknown, unknown>

/** The union of all cases: those that go on, and those that leave. */
export type WaysOf<W, F> = [Exclude<W, AnyLeaving>] extends [never]
  ? Leaving<Partial<Together<ClientOf<W>>>, Partial<Together<ServerOf<W>>>, Together<MenuOf<W>>, F>
  : Flow<
      OneOf<ClientOf<Exclude<W, AnyLeaving>>, ClientOf<Extract<W, AnyLeaving>>>,
      OneOf<ServerOf<Exclude<W, AnyLeaving>>, ServerOf<Extract<W, AnyLeaving>>>,
      Together<MenuOf<W>>,
      F
    >

type CaseFailures<T extends Cases, On extends string, O> =
  | { [N in keyof T]: Decided<FailuresOf<CaseFlow<T[N]>>, On, LabelOf<T[N], N>> }[keyof T]
  | (O extends AnyFlow ? Decided<FailuresOf<O>, On, AnyOther> : never)

/**
 * A value in an earlier message decides what follows: a tag, a name, a number. `on` is its place, such as
 * `answer.is`. Without `otherwise` any other value is an issue. A case is a flow, or `[label, flow, gate]` if its
 * label is not its name or only some protocols have it.
 *
 * ```ts
 * import { tagged, u8, utf8 } from 'nix-wire/combinators'
 * import { branch, nothing, says, sequence } from 'nix-wire/conversation'
 *
 * const Answer = tagged('is', u8, { Refused: [0, { why: utf8 }], Ready: [1, {}] })
 * sequence(says('server', 'answer', Answer), branch('answer.is', { Refused: nothing, Ready: says('server', 'tea', utf8) }))
 * sequence(says('client', 'cups', u8), branch('cups', { None: [0, nothing] }, says('server', 'tea', utf8)))
 * ```
 *
 * @throws TypeError for two cases with the same label, and for a label that the value at the place cannot have.
 */
export const branch: <const On extends string, const T extends Cases, O extends AnyFlow | null = null>(
  on: On,
  cases: T,
  otherwise?: O,
) => WaysOf<CaseFlow<T[keyof T]> | (O extends AnyFlow ? O : never), Gathered<CaseFailures<T, On, O>>> = (
  on,
  cases,
  otherwise,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('branch', more)
  const place = placeOf('the place of branch', on)
  return flowOf({
    _tag: 'branch',
    on: place,
    cases: casesOf(`the branch on ${on}`, cases),
    otherwise:
      otherwise === null || otherwise === undefined
        ? null
        : flowNode(`otherwise of the branch on ${on}`, otherwise),
  })
}

/** The cases by label. */
export const casesOf = (of: string, given: Cases): ReadonlyMap<Label, Case> => {
  expectObject(`the cases of ${of}`, given)
  const cases = new Map<Label, Case>()
  for (const [name, each] of Object.entries(given)) {
    expectKey(`a case of ${of}`, name)
    const made = caseOf(`the case ${name} of ${of}`, name, each)
    if (cases.has(made.label)) {
      throw new TypeError(
        `the label of ${name}, ${show(made.label)}, belongs to another case of ${of} already`,
      )
    }
    cases.set(made.label, made)
  }
  return cases
}

const caseOf = (what: string, name: string, given: CaseGiven): Case => {
  if (!Array.isArray(given)) {
    return { name, label: name, gate: null, flow: flowNode(what, given as AnyFlow) }
  }
  if (given.length > 3) {
    throw new TypeError(`${what} must be a flow or [label, flow, gate], not ${given.length} items`)
  }
  const [label, flow, gate] = given as Exclude<CaseGiven, AnyFlow>
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof label)) {
    throw new TypeError(`the label of ${what} must be a text, a number or a boolean, not ${kindName(label)}`)
  }
  if (gate !== undefined) {
    expectGate(gate)
  }
  return { name, label, gate: gate ?? null, flow: flowNode(what, flow) }
}
