import { expect } from 'chai'
import fc from 'fast-check'
import type { AnyFlow } from '../../../conversation/index.js'
import {
  type BrokenRule,
  type BrokenSession,
  brokenRulesOf,
  type MadeSessionOptions,
  toBrokenSessions,
} from '../../../laws/index.js'
import { kitchen } from '../../conversation/kitchen.js'
import { linesOf, play } from '../../conversation/tape.js'
import { flows } from './sessions.js'

const { kitchen: inKitchen, pantry, handshake } = flows

/** Sessions that break a rule; none where no session gives an occasion. */
const breaking = (
  flow: AnyFlow,
  options: MadeSessionOptions,
  rule: BrokenRule,
): ReadonlyArray<BrokenSession> => {
  try {
    return fc.sample(toBrokenSessions(flow, { ...options, rules: [rule] }), { seed: 1, numRuns: 25 })
  } catch (error) {
    expect(String(error)).to.include('no generated session allows one of these rules to be broken')
    return []
  }
}

const issueLine = ({ issue: { side, tag, offset, path, fatal } }: BrokenSession): string =>
  `${side} ${fatal ? 'issue' : 'fault'} ${offset} ${tag} ${path.join('.')}:`

describe('a session in which one rule is broken', () => {
  const broken = new Set<BrokenRule>()

  for (const [name, given] of Object.entries({
    kitchen: inKitchen!,
    pantry: pantry!,
    handshake: handshake!,
  })) {
    it(`is found by an observer, as predicted, in the ${name}`, () => {
      const { flow, options } = given
      for (const rule of brokenRulesOf(flow)) {
        for (const session of breaking(flow, options, rule)) {
          broken.add(rule)
          const lines = linesOf(play({ flow, client: session.client, server: session.server }))
          const wanted = issueLine(session)
          expect(
            lines.some((line) => line.startsWith(wanted)),
            `${rule}: ${wanted}\n${lines.join('\n')}`,
          ).to.equal(true)
          expect(session.issue.offset).to.be.at.least(session.at)
        }
      }
    })
  }

  it('exists for each rule but one, for which these conversations have no occasion', () => {
    const rules = [...new Set([inKitchen!, pantry!, handshake!].flatMap(({ flow }) => brokenRulesOf(flow)))]
    expect(rules).to.have.lengthOf(21)
    expect(rules.filter((rule) => !broken.has(rule))).to.deep.equal(['there are more rounds than announced'])
  })

  it('says what was broken, and where', () => {
    const rules = ['there is no end frame'] as const
    const [session] = fc.sample(
      toBrokenSessions(kitchen, { items: 3, rules, turns: ['Photo'], agreed: { version: '1.1' } }),
      {
        seed: 1,
        numRuns: 1,
      },
    )
    const { rule, key, within, turn, side, at, client, issue } = session!
    expect({ rule, key, within, turn, side }).to.deep.equal({
      rule: 'there is no end frame',
      key: 'photo',
      within: [],
      turn: { loop: 'orders', number: 0 },
      side: 'client',
    })
    // The client stops in place of its end frame.
    expect(at).to.equal(client.length)
    expect(issue).to.deep.equal({
      tag: 'UnexpectedEnd',
      side: 'client',
      offset: at,
      path: ['photo'],
      fatal: true,
    })
  })

  it('shrinks, and still breaks the same rule', () => {
    const arbitrary = toBrokenSessions(kitchen, { items: 3, rules: ['a word is cut'] })
    const { counterexample } = fc.check(
      fc.property(arbitrary, ({ key }) => key !== 'tea'),
      { seed: 2, numRuns: 1000 },
    )
    const [session] = counterexample!
    expect([session.rule, session.key, session.client.length]).to.deep.equal(['a word is cut', 'tea', 32])
  })

  it('is an error for a rule that the flow does not have', () => {
    expect(() => toBrokenSessions(handshake!.flow, { rules: ['a frame is cut'] })).to.throw(
      RangeError,
      'toBrokenSessions can break none of these rules in this flow: a frame is cut',
    )
    expect(() => toBrokenSessions(kitchen, { rules: ['nonsense' as never] })).to.throw(TypeError, 'nonsense')
  })
})
