import { NARHash } from '../strings.js'
import { byPath, operation } from './operation.js'

/**
 * Asks for the SHA-256 of the NAR of a path, in base16. Newer clients ask QueryPathInfo.
 *
 * Versions: all, up to Nix 2.33. Source: operations, QueryPathHash.
 */
export const QueryPathHash = operation({
  id: 4,
  name: 'QueryPathHash',
  summary: 'the hash of the NAR of a path',
  status: 'removed',
  since: '1.2',
  until: '2.33',
  request: byPath('QueryPathHash'),
  reply: NARHash,
})
