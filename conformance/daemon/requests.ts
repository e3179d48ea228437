import type { Protocol } from '../../combinators/protocol.js'
import type { Ask } from './ask.js'
import type { Facts } from './facts.js'
import { readingAsks } from './reading-asks.js'
import { buildingAsks, writingAsks } from './writing-asks.js'

/** Caches the requests, which contain archives and hashes, for each protocol. */
const made = new WeakMap<Facts, Map<string, ReadonlyArray<Ask>>>()

/** Every request of the cases, for one protocol. */
export const asksFor = (facts: Facts, agreed: Protocol): ReadonlyArray<Ask> => {
  const ofFacts = made.get(facts) ?? new Map<string, ReadonlyArray<Ask>>()
  made.set(facts, ofFacts)
  const key = [agreed.version, ...agreed.features].join(' ')
  const known = ofFacts.get(key) ?? all(facts, agreed)
  ofFacts.set(key, known)
  return known
}

const all = (facts: Facts, agreed: Protocol): ReadonlyArray<Ask> => [
  ...readingAsks(facts, agreed),
  ...(facts.added === null ? [] : [...writingAsks(facts, facts.added, agreed), ...buildingAsks(facts.added)]),
]
