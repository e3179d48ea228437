import { expect } from 'chai'
import fc from 'fast-check'
import type { ConversationEvent } from '../../conversation/index.js'
import { faults } from './faults.js'
import { sessions } from './sessions.js'
import { asSeenBy, linesOf, play, type Side, type Step, sides, type Tape } from './tape.js'

const all: ReadonlyArray<readonly [string, Tape]> = [
  ...Object.entries(sessions),
  ...Object.entries(faults).map(([name, { session }]) => [name, session] as const),
]

const expectSame = (
  name: string,
  events: ReadonlyArray<ConversationEvent>,
  as: ReadonlyArray<ConversationEvent>,
): void => {
  for (const side of sides) {
    const [found, expected] = [asSeenBy(side, events), asSeenBy(side, as)]
    // Comparing values takes longer than playing them.
    if (linesOf(found).join() !== linesOf(expected).join()) {
      expect(found, `${name}, ${side}`).to.deep.equal(expected)
    }
  }
}

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom<Side>('client', 'server'),
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 })),
)

/** Steps in which each side gets its turn. */
const manySteps = fc.array(step, { minLength: 1, maxLength: 12 })

describe('the events of a conversation do not depend on how its bytes come:', () => {
  it('byte by byte, either side first, one after the other', () => {
    for (const [name, session] of all) {
      const whole = play(session)
      for (const steps of [
        [['server', Infinity]],
        [['client', 1]],
        [['server', 1]],
        [
          ['client', 1],
          ['server', 1],
        ],
      ] satisfies ReadonlyArray<ReadonlyArray<Step>>) {
        expectSame(name, play(session, steps), whole)
      }
    }
  })

  it('each side in two, at every byte', () => {
    for (const [name, session] of all) {
      const whole = play(session)
      for (const side of sides) {
        for (let at = 1; at < session[side].length; at++) {
          const steps: ReadonlyArray<Step> = [
            [side, at],
            [side === 'client' ? 'server' : 'client', Infinity],
            [side, Infinity],
          ]
          expectSame(`${name} at ${at}`, play(session, steps), whole)
        }
      }
    }
  })

  it('in any chunks, in any order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), manySteps, ([name, session], steps) => {
        expectSame(name, play(session, steps), play(session))
      }),
      { numRuns: 2000 },
    )
  })

  it('without atOnce, even in the same order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(sessions.tea!, sessions.burntTea!, sessions.farewell!, sessions.closed!),
        manySteps,
        (session, steps) => {
          expect(play(session, steps)).to.deep.equal(play(session))
        },
      ),
    )
  })
})

describe('the events of a conversation that is cut', () => {
  it('include only whole messages, and the earlier ones unchanged', () => {
    for (const [name, session] of Object.entries(sessions)) {
      const whole = play(session)
      for (const side of sides) {
        for (let at = 0; at < session[side].length; at++) {
          const cut = { ...session, [side]: session[side].subarray(0, at) }
          const words = asSeenBy(side, play(cut)).filter(isWord)
          const before = asSeenBy(side, whole).filter(isWord)
          // The bytes in place of the missing ones may be read as a departure.
          const same = words.filter(({ key }) => key !== 'farewell')
          expect(same, `${name}, ${side} at ${at}`).to.deep.equal(before.slice(0, same.length))
          expect(words.every(({ end }) => end <= at)).to.equal(true)
        }
      }
    }
  })
})

const isWord = (event: ConversationEvent): event is Extract<ConversationEvent, { readonly key: string }> =>
  event.kind === 'said' || event.kind === 'flowed'
