import { setOf } from '../../combinators/structures/sequence.js'
import { StorePath } from '../store-paths.js'
import { noArguments, operation } from './operation.js'

/**
 * Asks for all valid paths.
 *
 * Versions: all. Source: operations, QueryAllValidPaths.
 */
export const QueryAllValidPaths = operation({
  id: 23,
  name: 'QueryAllValidPaths',
  summary: 'all paths of the store',
  since: '1.5',
  request: noArguments('QueryAllValidPaths'),
  reply: setOf(StorePath),
})
