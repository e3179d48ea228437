import fc from 'fast-check'
import {
  type AnyGrammar,
  bool64,
  listOf,
  paddedBytes,
  since,
  size,
  struct,
  tagged,
  u8,
  u64,
  utf8,
} from '../../combinators/index.js'
import {
  type AnyFlow,
  again,
  atOnce,
  blob,
  branch,
  conversation,
  ends,
  gated,
  inFrames,
  loop,
  nothing,
  says,
  sequence,
  turns,
  unless,
} from '../../conversation/index.js'

type Side = 'client' | 'server'

const Verdict = tagged('is', u8, { Good: [0, { why: utf8 }], Bad: [1, {}], Odd: [2, { list: listOf(u8) }] })

const grammars: ReadonlyArray<AnyGrammar> = [
  u8,
  u64,
  utf8,
  bool64,
  paddedBytes,
  listOf(utf8),
  struct('Pair', { left: u8, right: utf8 }),
]

/** The ingredients of a part; keys are made unique by the path to it. */
type Plan =
  | { readonly is: 'says'; readonly side: Side; readonly grammar: number }
  | { readonly is: 'gated'; readonly parts: ReadonlyArray<Plan> }
  | { readonly is: 'times'; readonly side: Side; readonly part: Plan }
  | { readonly is: 'told'; readonly side: Side; readonly leaves: boolean }
  | { readonly is: 'branch'; readonly side: Side; readonly parts: ReadonlyArray<Plan> }
  | { readonly is: 'frames'; readonly side: Side; readonly words: number; readonly bytes: boolean }
  | { readonly is: 'atOnce'; readonly words: number }

const side = fc.constantFrom<Side>('client', 'server')
const few = fc.nat(2)

const plans: fc.Arbitrary<Plan> = fc.letrec<{ part: Plan }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'part' },
    fc.record({ is: fc.constant('says' as const), side, grammar: fc.nat(grammars.length - 1) }),
    fc.record({ is: fc.constant('told' as const), side, leaves: fc.boolean() }),
    fc.record({ is: fc.constant('frames' as const), side, words: few, bytes: fc.boolean() }),
    fc.record({ is: fc.constant('atOnce' as const), words: few }),
    fc.record({ is: fc.constant('times' as const), side, part: tie('part') }),
    fc.record({
      is: fc.constant('gated' as const),
      parts: fc.array(tie('part'), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      is: fc.constant('branch' as const),
      side,
      parts: fc.array(tie('part'), { minLength: 3, maxLength: 3 }),
    }),
  ),
})).part

const word = (who: Side, key: string, grammar = 2): AnyFlow => says(who, key, grammars[grammar]!)

const built = (plan: Plan, key: string): AnyFlow => {
  switch (plan.is) {
    case 'says':
      return word(plan.side, key, plan.grammar)
    case 'gated': {
      const [first, second] = plan.parts.map((part, i) => built(part, `${key}${i}`))
      return second === undefined ? gated(since('1.1'), first!) : gated(since('1.1'), first!, second)
    }
    case 'times':
      // A message first, so that each turn takes some bytes.
      return sequence(
        says(plan.side, `${key}n`, size),
        loop(`${key}loop`, sequence(word(plan.side, `${key}w`), built(plan.part, `${key}p`)), {
          times: `${key}n`,
        }),
      )
    case 'told':
      return loop(
        `${key}loop`,
        sequence(
          says(plan.side, `${key}t`, Verdict),
          branch(`${key}t.is`, {
            Good: again(`${key}loop`),
            Bad: nothing,
            Odd: plan.leaves ? again('orders') : nothing,
          }) as AnyFlow,
        ),
      ) as AnyFlow
    case 'branch': {
      const [good, bad, odd] = plan.parts.map((part, i) => built(part, `${key}${i}`))
      return sequence(
        says(plan.side, `${key}v`, Verdict),
        branch(`${key}v.is`, { Good: good!, Bad: bad!, Odd: odd! }),
      )
    }
    case 'frames':
      return framed(plan.side, key, plan.words, plan.bytes)
    case 'atOnce':
      return atOnce(framed('client', `${key}c`, plan.words, true), word('server', `${key}s`))
  }
}

const framed = (who: Side, key: string, words: number, bytes: boolean): AnyFlow => {
  const inside = Array.from({ length: words }, (_, i) => word(who, `${key}w${i}`, i))
  const parts = bytes || inside.length === 0 ? [...inside, blob(who, `${key}b`)] : inside
  return inFrames(who, key, size, sequence(...(parts as [AnyFlow])))
}

/** A conversation of random parts with turns; a side may break off, or close before the first turn. */
export const flows: fc.Arbitrary<AnyFlow> = fc
  .record({
    cases: fc.array(fc.array(plans, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    departs: fc.boolean(),
    mayClose: fc.boolean(),
  })
  .map(({ cases, departs, mayClose }) => {
    const menu = turns(
      'orders',
      says('client', 'order', u8),
      Object.fromEntries(
        cases.map((parts, i) => [
          `Case${i}`,
          [i + 1, sequence(...(parts.map((part, j) => built(part, `k${j}x`)) as [AnyFlow]))] as const,
        ]),
      ),
    )
    const all: AnyFlow = departs ? unless('server', says('server', 'farewell', Verdict), menu) : menu
    const open = branch('open', { open: [true, all], closed: [false, ends('server')] })
    return conversation(
      'random',
      (mayClose ? sequence(says('server', 'open', bool64), open) : all) as AnyFlow,
    )
  })
