import { expect } from 'chai'
import fc from 'fast-check'
import { holds } from '../../../combinators/index.js'
import { operations } from '../../../grammar/index.js'
import { brokenRulesOf, toBrokenSessions, toSessions } from '../../../laws/index.js'
import { decodeSession } from '../../../session/index.js'
import { linesOf, play } from '../../conversation/tape.js'
import { worker, workerOptions } from './sessions.js'

/** Versions on both sides of each change in how an operation goes. */
const versions = ['1.38', '1.37', '1.31', '1.28', '1.24', '1.22', '1.20', '1.16', '1.14', '1.10'] as const

const features = ['add-to-store-scanning', 'realisation-with-path-not-hash', 'submit-output']

/** What today's decoder finds, each with its side and byte. */
const issuesOfDecoder = (client: Uint8Array, server: Uint8Array): ReadonlyArray<string> =>
  decodeSession(client, server).flatMap((event) =>
    event.kind === 'issue' ? [`${event.side} ${event.issue.offset} ${event.issue._tag}`] : [],
  )

describe('made-up sessions with a daemon', () => {
  for (const version of versions) {
    it(`of each operation at ${version} are read without an issue, by an observer and by the decoder of sessions`, () => {
      const agreed = { version, features: version === '1.38' ? features : [] }
      for (const { name, gate } of Object.values(operations)) {
        if (!holds(gate, agreed)) {
          continue
        }
        const sessions = toSessions(worker, { ...workerOptions, agreed, turns: [name], departs: false })
        for (const { client, server, events } of fc.sample(sessions, { seed: 1, numRuns: 3 })) {
          const told = play({ flow: worker, client, server })
          expect(linesOf(told).toSorted(), name).to.deep.equal(linesOf(events).toSorted())
          expect(issuesOfDecoder(client, server), name).to.deep.equal([])
        }
      }
    })
  }

  it('with a rule broken are found by both, and almost always alike', () => {
    const compared = { sessions: 0, alike: 0 }
    const unseen: Array<string> = []
    for (const rule of brokenRulesOf(worker)) {
      const broken = toBrokenSessions(worker, { ...workerOptions, rules: [rule], mostTurns: 2 })
      for (const { client, server, issue } of sampled(broken)) {
        const lines = linesOf(play({ flow: worker, client, server }))
        const wanted = `${issue.side} ${issue.fatal ? 'issue' : 'fault'} ${issue.offset} ${issue.tag} `
        expect(
          lines.some((line) => line.startsWith(wanted)),
          `${rule}: ${wanted}\n${lines.join('\n')}`,
        ).to.equal(true)
        const found = issuesOfDecoder(client, server)
        compared.sessions++
        compared.alike += found.includes(`${issue.side} ${issue.offset} ${issue.tag}`) ? 1 : 0
        if (found.length === 0) {
          unseen.push(rule)
        }
      }
    }
    expect(unseen).to.deep.equal([])
    // Where one word stands for another, the two may stop at different ones.
    expect(compared.sessions).to.be.above(80)
    expect(compared.alike / compared.sessions).to.be.above(0.75)
  })
})

const sampled = <A>(arbitrary: fc.Arbitrary<A>): ReadonlyArray<A> => {
  try {
    return fc.sample(arbitrary, { seed: 1, numRuns: 6 })
  } catch (error) {
    expect(String(error)).to.include('no session was made up in which')
    return []
  }
}
