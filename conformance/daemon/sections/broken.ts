import { joined } from '../../../bytes/joined.js'
import { holds } from '../../../combinators/gate.js'
import type { Grammar } from '../../../combinators/node.js'
import { operations } from '../../../grammar/operations/table.js'
import { type Malformed, toMalformed } from '../../../interpreters/malformed/index.js'
import { type Ask, options } from '../ask.js'
import { numberBytes } from '../bytes.js'
import type { Case } from '../case.js'
import type { Facts } from '../facts.js'
import { asksFor } from '../requests.js'
import { asked, type Speech } from '../speech.js'
import { caseOf, refusals, slug, usual } from './make.js'
import { whyNot } from './operations.js'

/** The first that is asked of each operation. */
const firstOfEach = (asks: ReadonlyArray<Ask>): ReadonlyArray<Ask> =>
  [...new Map([...asks].reverse().map((ask) => [ask.operation, ask])).values()].reverse()

/**
 * Every request with one rule broken, in at most so many ways each; rules that were broken less often come first, so that few
 * ways are of many kinds.
 */
export const brokenCases = (facts: Facts, ways: number): ReadonlyArray<Case> => {
  const speech = usual(facts)
  const broken = new Map<string, number>()
  const cases = firstOfEach(asksFor(facts, speech.agreed))
    .filter(({ operation }) => holds(operations[operation].gate, speech.agreed))
    .filter(({ operation }) => facts.release?.removed.includes(operation) !== true)
    .filter(({ operation }) => whyNot(facts, operation, speech) === null)
    .flatMap((ask) => brokenRequests(facts, ask, speech, ways, broken))
  // Each case is a connection behind those before it; behind the last one there is this.
  return [...cases, stillServed(facts)]
}

const stillServed = (facts: Facts): Case =>
  caseOf(facts, {
    id: '7.still-served',
    section: 7,
    title: 'a usual client, behind all of these',
    level: 'read',
    speech: usual(facts),
    says: [asked(operations.SetOptions, usual(facts).agreed, options())],
    allows: ['answered'],
  })

export function* endlessly<A>(value: A): Generator<A, never> {
  for (;;) {
    yield value
  }
}

const least = 2n ** 20n
const most = 2n ** 62n

/** Whether a length is wrong that a daemon may make room for, which is no mistake in its protocol and harms whoever runs it. */
export const announcesMuch = (bytes: Uint8Array, { tag, offset }: Malformed['issue']): boolean => {
  if ((tag !== 'LimitExceeded' && tag !== 'OutOfRange') || offset + 8 > bytes.length) {
    return false
  }
  const value = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(offset, true)
  return value >= least && value < most
}

const brokenRequests = (
  facts: Facts,
  ask: Ask,
  speech: Speech,
  ways: number,
  broken: Map<string, number>,
): ReadonlyArray<Case> => {
  const { agreed } = speech
  const operation = operations[ask.operation]
  const malformer = toMalformed(operation.request as Grammar<unknown>, agreed)
  const whole = asked(operation, agreed, ask.request, ask.upload)
  const request = asked(operation, agreed, ask.request).bytes
  const upload = whole.bytes.subarray(request.length)
  const cases = new Map<string, Case>()
  let tried = 0
  for (const { rule, bytes, issue } of malformer.sample(endlessly(ask.request), 1, broken, 'compatible')) {
    // Behind a request comes the next one: nothing can be too long.
    if (issue.tag !== 'TrailingBytes' && !announcesMuch(bytes, issue)) {
      const isCut = issue.tag === 'UnexpectedEnd'
      const id = `7.${ask.operation}@${agreed.version}.${slug(rule)}`
      cases.set(
        id,
        caseOf(facts, {
          id,
          section: 7,
          title: `${ask.operation}: ${rule}`,
          level: ask.level,
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
    if (cases.size >= ways || ++tried >= 4 * ways) {
      break
    }
  }
  return [...cases.values()]
}
