import type { Protocol } from '../../combinators/protocol.js'
import type { Ask } from './ask.js'
import type { Facts } from './facts.js'
import { readingAsks } from './reading-asks.js'
import { buildingAsks, writingAsks } from './writing-asks.js'

/** All that can be asked of a daemon, as the values of one protocol. */
export const asksFor = (facts: Facts, agreed: Protocol): ReadonlyArray<Ask> => [
  ...readingAsks(facts, agreed),
  ...(facts.added === null ? [] : [...writingAsks(facts, facts.added, agreed), ...buildingAsks(facts.added)]),
]
