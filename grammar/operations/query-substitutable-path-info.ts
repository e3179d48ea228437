import { named } from '../../combinators/node.js'
import { optionalByTag } from '../../combinators/structures/optional.js'
import { Int } from '../integers.js'
import { SubstitutablePathInfo } from '../path-info.js'
import { byPath, operation } from './operation.js'

/**
 * Asks what is known of a path that could be substituted. Newer clients ask QuerySubstitutablePathInfos.
 *
 * Versions: all, obsolete. Source: operations, QuerySubstitutablePathInfo.
 */
export const QuerySubstitutablePathInfo = operation({
  id: 21,
  name: 'QuerySubstitutablePathInfo',
  summary: 'the info of substituters about a path',
  status: 'obsolete',
  since: '1.3',
  request: byPath('QuerySubstitutablePathInfo'),
  reply: named('QuerySubstitutablePathInfoReply', optionalByTag(Int, SubstitutablePathInfo)),
})
