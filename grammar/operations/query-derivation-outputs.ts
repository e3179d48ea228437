import { setOf } from '../../combinators/structures/sequence.js'
import { StorePath } from '../store-paths.js'
import { byPath, operation } from './operation.js'

/**
 * Asks for the paths a derivation builds. Newer clients ask QueryDerivationOutputMap.
 *
 * Versions: all, obsolete. Source: operations, QueryDerivationOutputs.
 */
export const QueryDerivationOutputs = operation({
  id: 22,
  name: 'QueryDerivationOutputs',
  summary: 'the output paths of a derivation',
  status: 'obsolete',
  since: '1.5',
  request: byPath('QueryDerivationOutputs'),
  reply: setOf(StorePath),
})
