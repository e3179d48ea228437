import type { Grammar, TypeOf } from '../../combinators/node.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { versioned } from '../gated.js'
import { Bool } from '../integers.js'
import { StorePath } from '../store-paths.js'
import { operation } from './operation.js'

const Request = struct('QueryValidPathsRequest', {
  paths: setOf(StorePath),
  substitute: versioned(since('1.27'), Bool, false),
})

/** The request of QueryValidPaths. */
export interface QueryValidPathsRequest extends TypeOf<typeof Request> {}

const request: Grammar<QueryValidPathsRequest> = Request

/**
 * Asks which of some paths are valid, perhaps after substituting those that are not.
 *
 * Versions: 1.12 and above; `substitute` since 1.27. Source: operations, QueryValidPaths.
 */
export const QueryValidPaths = operation({
  id: 31,
  name: 'QueryValidPaths',
  summary: 'which of some paths are valid',
  since: '1.12',
  request,
  reply: setOf(StorePath),
})
