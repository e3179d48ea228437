import { allOf } from '../../combinators/gate.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { before, since } from '../../types/nix-gates.js'
import { Text } from '../strings.js'
import { noArguments, operation } from './operation.js'

/**
 * Asks for the paths whose failure the daemon remembers.
 *
 * Versions: below 1.16, up to Nix 1.11. Source: operations, QueryFailedPaths.
 */
export const QueryFailedPaths = operation({
  id: 24,
  name: 'QueryFailedPaths',
  summary: 'the paths whose build failed',
  status: 'removed',
  since: '1.6',
  until: '1.11',
  gate: allOf(since('1.6'), before('1.16')),
  request: noArguments('QueryFailedPaths'),
  reply: setOf(Text),
})
