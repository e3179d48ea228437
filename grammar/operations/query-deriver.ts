import { OptStorePath } from '../store-paths.js'
import { byPath, operation } from './operation.js'

/**
 * Asks what a path was built from. Newer clients ask QueryPathInfo.
 *
 * Versions: all, obsolete. Source: operations, QueryDeriver.
 */
export const QueryDeriver = operation({
  id: 18,
  name: 'QueryDeriver',
  summary: 'the derivation a path was built from',
  status: 'obsolete',
  since: '1.2',
  request: byPath('QueryDeriver'),
  reply: OptStorePath,
})
