import type { Grammar, TypeOf } from '../../combinators/node.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { StorePath } from '../store-paths.js'
import { operation } from './operation.js'

const Request = struct('QuerySubstitutablePathsRequest', { paths: setOf(StorePath) })

/** The request of QuerySubstitutablePaths. */
export interface QuerySubstitutablePathsRequest extends TypeOf<typeof Request> {}

const request: Grammar<QuerySubstitutablePathsRequest> = Request

/**
 * Asks which of some paths can be substituted.
 *
 * Versions: 1.12 and above. Source: operations, QuerySubstitutablePaths.
 */
export const QuerySubstitutablePaths = operation({
  id: 32,
  name: 'QuerySubstitutablePaths',
  summary: 'which of some paths can be substituted',
  since: '1.12',
  request,
  reply: setOf(StorePath),
})
