import { setOf } from '../../combinators/structures/sequence.js'
import { StorePath } from '../store-paths.js'
import { byPath, operation } from './operation.js'

/**
 * Asks for the valid derivations that have a path among their outputs.
 *
 * Versions: 1.13 and above. Source: operations, QueryValidDerivers.
 */
export const QueryValidDerivers = operation({
  id: 33,
  name: 'QueryValidDerivers',
  summary: 'the derivations that have a path as an output',
  since: '1.13',
  request: byPath('QueryValidDerivers'),
  reply: setOf(StorePath),
})
