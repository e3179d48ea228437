import { setOf } from '../../combinators/structures/sequence.js'
import { OutputName } from '../store-paths.js'
import { byPath, operation } from './operation.js'

/**
 * Asks for the names of what a derivation builds. Newer clients ask QueryDerivationOutputMap.
 *
 * Versions: all, obsolete. Source: operations, QueryDerivationOutputNames.
 */
export const QueryDerivationOutputNames = operation({
  id: 28,
  name: 'QueryDerivationOutputNames',
  summary: 'the names of the outputs of a derivation',
  status: 'obsolete',
  since: '1.10',
  request: byPath('QueryDerivationOutputNames'),
  reply: setOf(OutputName),
})
