import { holds } from '../../../combinators/gate.js'
import type { AnyOperation } from '../../../grammar/operations/operation.js'
import { type OperationName, operations } from '../../../grammar/operations/table.js'
import { isSince } from '../../../grammar/releases.js'
import type { Ask } from '../ask.js'
import type { Case, Outcome, Skipped } from '../case.js'
import { type Facts, knownFeatures, speechOf } from '../facts.js'
import { asksFor } from '../requests.js'
import { asked, type Speech } from '../speech.js'
import { anything, caseOf, formsOf, slug, usual } from './make.js'

const gone: ReadonlyArray<Outcome> = ['refused and closed', 'closed', 'refused']

/** Why an operation is left out; null if it is not. */
export const whyNot = (
  { release, without }: Facts,
  name: OperationName,
  { agreed }: Speech,
): string | null => {
  const harm = release?.harmful[name]
  const { unreadSince } = operations[name] as AnyOperation
  const leaves = unreadSince !== null && release !== undefined && isSince(release, unreadSince.release)
  return without.includes(name)
    ? 'the daemon is said not to have it'
    : harm !== undefined
      ? `${release?.title}: ${harm}`
      : leaves && unreadSince !== null && !holds(unreadSince.unless, agreed)
        ? `${release?.title} leaves the request unread`
        : null
}

/** The correct outcomes of a valid request. */
const allowed = ({ release, trusts }: Facts, { operation, allows }: Ask): ReadonlyArray<Outcome> => {
  const { status, trust } = operations[operation]
  const mayRefuse = trust === 'restricted' || release?.privileged.includes(operation) === true
  return release?.removed.includes(operation)
    ? gone
    : release === undefined && status !== 'current'
      ? anything
      : trusts === false && mayRefuse
        ? [...allows, 'refused']
        : allows
}

const idOf = ({ operation, title }: Ask, { agreed }: Speech): string =>
  `3.${operation}@${agreed.version}${agreed.features.length > 0 ? '+' : ''}${title === '' ? '' : `.${slug(title)}`}`

/**
 * Every operation at every version at which its form changes; at the newest also with the features of both.
 */
export const operationCases = (facts: Facts): ReadonlyArray<Case | Skipped> => {
  const features = knownFeatures.filter((name) => facts.features.includes(name))
  return Object.values<AnyOperation>(operations).flatMap((operation) => {
    const speeches = formsOf(operation, facts).map((version) => usual(facts, version))
    const newest = features.length === 0 ? [] : [speechOf(facts, facts.newest, features)]
    return [...speeches, ...newest]
      .filter(({ agreed }) => holds(operation.gate, agreed))
      .flatMap((speech) =>
        asksFor(facts, speech.agreed)
          .filter((ask) => ask.operation === operation.name)
          .map((ask) => operationCase(facts, ask, speech)),
      )
  })
}

const operationCase = (facts: Facts, ask: Ask, speech: Speech): Case | Skipped => {
  const id = idOf(ask, speech)
  const title = `${ask.operation}${ask.title === '' ? '' : ` ${ask.title}`}, at ${speech.agreed.version}`
  const isPrivileged = facts.trusts === false && operations[ask.operation].trust === 'trusted'
  const reason = isPrivileged
    ? 'for trusted clients, which this one is not: section 4 asks for it'
    : whyNot(facts, ask.operation, speech)
  return reason !== null
    ? { id, section: 3, title, reason }
    : caseOf(facts, {
        id,
        section: 3,
        title,
        level: ask.level,
        speech,
        says: [asked(operations[ask.operation], speech.agreed, ask.request, ask.upload)],
        allows: allowed(facts, ask),
        ...(ask.checks === undefined ? {} : { checks: ask.checks }),
      })
}
