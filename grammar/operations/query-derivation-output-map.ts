import { mapOf } from '../../combinators/structures/sequence.js'
import { OptStorePath, OutputName } from '../store-paths.js'
import { byPath, operation } from './operation.js'

/**
 * Asks for the outputs of a derivation by their names, each with its path where that is known.
 *
 * Versions: 1.22 and above. Source: operations, QueryDerivationOutputMap.
 */
export const QueryDerivationOutputMap = operation({
  id: 41,
  name: 'QueryDerivationOutputMap',
  summary: 'the outputs of a derivation, with their paths',
  since: '1.22',
  request: byPath('QueryDerivationOutputMap'),
  reply: mapOf(OutputName, OptStorePath),
})
