import { expect } from 'chai'
import fc from 'fast-check'
import { workerSessions } from '../../../cli/sample/worker-sessions.js'
import { holds } from '../../../combinators/index.js'
import { operations } from '../../../grammar/index.js'
import {
  type BrokenRule,
  brokenRulesOf,
  type MadeSessionOptions,
  toBrokenSessions,
  toSessions,
} from '../../../laws/index.js'
import { decodeSession } from '../../../session/index.js'
import { linesOf, play } from '../../conversation/tape.js'
import { worker } from './sessions.js'

/** Versions on both sides of each change in how an operation goes. */
const versions = ['1.38', '1.37', '1.31', '1.28', '1.24', '1.22', '1.20', '1.16', '1.14', '1.10'] as const

const features = ['add-to-store-scanning', 'realisation-with-path-not-hash', 'submit-output']

/** What the decoder of sessions finds, each with its side and byte. */
const issuesOfDecoder = (client: Uint8Array, server: Uint8Array): ReadonlyArray<string> =>
  decodeSession(client, server).flatMap((event) =>
    event.kind === 'issue' ? [`${event.side} ${event.issue.offset} ${event.issue._tag}`] : [],
  )

// Few sessions have streams in frames, unless they are requested.
const streaming: MadeSessionOptions = {
  agreed: { version: '1.37', features: [] },
  turns: ['AddMultipleToStore'],
}

const occasions: { readonly [R in BrokenRule]?: MadeSessionOptions } = {
  'a frame follows the end frame': streaming,
  'there are fewer rounds than announced': streaming,
  'there are more rounds than announced': streaming,
}

/**
 * What the decoder of sessions makes of each rule. same: the issue of an observer, at its byte; there: at its byte, which may
 * have another name, such as unexpected bytes; else: an issue behind what is broken, or
 * of the other side where both stop.
 */
type Found = 'same' | 'there' | 'else'

const found: { readonly [R in BrokenRule]?: Found | 'no occasion' } = {
  'a word is cut': 'same',
  'a side falls silent': 'else',
  'a word is omitted': 'same',
  'a word is said twice': 'there',
  'a word comes from the wrong side': 'same',
  'a word breaks a rule of its grammar': 'same',
  'a word is longer than was asked for': 'same',
  'there is no such case': 'same',
  'the protocol lacks the case': 'same',
  'the sides disagree': 'else',
  'there are fewer rounds than announced': 'same',
  'there are more rounds than announced': 'no occasion',
  'it goes on behind its end': 'there',
  'a side speaks unasked': 'there',
  'bytes are cut': 'same',
  'a frame is cut': 'same',
  'there is no end frame': 'same',
  'a frame is empty': 'same',
  'a frame follows the end frame': 'same',
  'what is carried is cut': 'same',
  'bytes follow the end': 'same',
}

describe('generated sessions with a daemon', () => {
  for (const version of versions) {
    it(`of each operation at ${version} are read without an issue, by an observer and by the session decoder`, () => {
      const agreed = { version, features: version === '1.38' ? features : [] }
      for (const { name, gate } of Object.values(operations)) {
        if (!holds(gate, agreed)) {
          continue
        }
        const sessions = toSessions(worker, { ...workerSessions, agreed, turns: [name], departs: false })
        for (const { client, server, events } of fc.sample(sessions, { seed: 1, numRuns: 3 })) {
          const told = play({ flow: worker, client, server })
          expect(linesOf(told).toSorted(), name).to.deep.equal(linesOf(events).toSorted())
          expect(issuesOfDecoder(client, server), name).to.deep.equal([])
        }
      }
    })
  }

  it('break one of all 21 rules', () => {
    expect(brokenRulesOf(worker)).to.have.members(Object.keys(found))
    expect(Object.keys(found)).to.have.lengthOf(21)
  })

  for (const rule of brokenRulesOf(worker)) {
    it(`are found if ${rule}: by an observer as predicted, by the session decoder "${found[rule]}"`, () => {
      const options = { ...workerSessions, rules: [rule], mostTurns: 2, ...occasions[rule] }
      const sessions = sampled(toBrokenSessions(worker, options))
      let worst = (sessions.length === 0 ? 'no occasion' : 'same') as Found | 'no occasion'
      for (const { client, server, side, at, issue } of sessions) {
        const lines = linesOf(play({ flow: worker, client, server }))
        const wanted = `${issue.side} ${issue.fatal ? 'issue' : 'fault'} ${issue.offset} ${issue.tag} `
        expect(
          lines.some((line) => line.startsWith(wanted)),
          `${wanted}\n${lines.join('\n')}`,
        ).to.equal(true)
        const issues = issuesOfDecoder(client, server)
        if (!issues.includes(`${issue.side} ${issue.offset} ${issue.tag}`)) {
          const isThere = issues.some((each) => each.startsWith(`${issue.side} ${issue.offset} `))
          worst = isThere && worst !== 'else' ? 'there' : 'else'
          const offsets = issues.flatMap((each) =>
            each.startsWith(side) ? [Number(each.split(' ')[1])] : [],
          )
          expect(issues, 'nothing is found').to.not.deep.equal([])
          expect(
            offsets.filter((offset) => offset < at),
            'an issue before what is broken',
          ).to.deep.equal([])
        }
      }
      expect(worst).to.equal(found[rule])
    })
  }
})

const sampled = <A>(arbitrary: fc.Arbitrary<A>): ReadonlyArray<A> => {
  try {
    return fc.sample(arbitrary, { seed: 1, numRuns: 12 })
  } catch (error) {
    expect(String(error)).to.include('no generated session allows')
    return []
  }
}
