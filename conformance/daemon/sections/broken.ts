import { joined } from '../../../bytes/joined.js'
import { holds } from '../../../combinators/gate.js'
import type { Grammar } from '../../../combinators/node.js'
import { operations } from '../../../grammar/operations/table.js'
import { type Ask, options } from '../ask.js'
import { brokenMessages, firstOfEach } from '../breaking.js'
import { numberBytes } from '../bytes.js'
import type { Case } from '../case.js'
import type { Facts } from '../facts.js'
import { asksFor } from '../requests.js'
import { asked, type Speech } from '../speech.js'
import { caseOf, refusals, slug, usual } from './make.js'
import { whyNot } from './operations.js'

/**
 * Every request with one rule broken, in a limited number of ways each; rules that were broken less often come first,
 * so that even a few ways are of many kinds.
 */
export const brokenCases = (facts: Facts, ways: number): ReadonlyArray<Case> => {
  const speech = usual(facts)
  const broken = new Map<string, number>()
  const cases = firstOfEach(asksFor(facts, speech.agreed), ({ operation }) => operation)
    .filter(({ operation }) => holds(operations[operation].gate, speech.agreed))
    .filter(({ operation }) => facts.release?.removed.includes(operation) !== true)
    .filter(({ operation }) => whyNot(facts, operation, speech) === null)
    .flatMap((ask) => brokenRequests(facts, ask, speech, ways, broken))
  // Each case is a connection after those before it; the last one checks that the daemon still serves.
  return [...cases, stillServed(facts)]
}

const stillServed = (facts: Facts): Case =>
  caseOf(facts, {
    id: '7.still-served',
    section: 7,
    title: 'an ordinary client, after all of these',
    level: 'read',
    speech: usual(facts),
    says: [asked(operations.SetOptions, usual(facts).agreed, options())],
    allows: ['answered'],
  })

const brokenRequests = (
  facts: Facts,
  ask: Ask,
  speech: Speech,
  ways: number,
  broken: Map<string, number>,
): ReadonlyArray<Case> => {
  const { agreed } = speech
  const operation = operations[ask.operation]
  const grammar = operation.request as Grammar<unknown>
  const whole = asked(operation, agreed, ask.request, ask.upload)
  const request = asked(operation, agreed, ask.request).bytes
  const upload = whole.bytes.subarray(request.length)
  return brokenMessages(grammar, agreed, ask.request, { ways, seed: 1 }, broken).map(
    ({ rule, bytes, isCut, text }) =>
      caseOf(facts, {
        id: `7.${ask.operation}@${agreed.version}.${slug(rule)}`,
        section: 7,
        title: `${ask.operation}: ${rule}`,
        level: ask.level,
        text,
        speech,
        says: [
          {
            bytes: joined([numberBytes(operation.id), bytes, ...(isCut ? [] : [upload])]),
            twin: isCut ? joined([numberBytes(operation.id), bytes]) : whole.bytes,
            until: 'nothing',
          },
        ],
        probed: !isCut,
        together: true,
        allows: refusals,
      }),
  )
}
