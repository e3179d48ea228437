import { setOf } from '../../combinators/structures/sequence.js'
import { StorePath } from '../store-paths.js'
import { byPath, operation } from './operation.js'

/**
 * Asks for the valid paths that refer to one.
 *
 * Versions: all. Source: operations, QueryReferrers.
 */
export const QueryReferrers = operation({
  id: 6,
  name: 'QueryReferrers',
  summary: 'the referrers of a path',
  since: '1.2',
  request: byPath('QueryReferrers'),
  reply: setOf(StorePath),
})
