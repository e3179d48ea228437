import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { OptStorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { operation } from './operation.js'

const Request = struct('QueryPathFromHashPartRequest', { hashPart: Text })

/** The request of QueryPathFromHashPart. */
export interface QueryPathFromHashPartRequest extends TypeOf<typeof Request> {}

const request: Grammar<QueryPathFromHashPartRequest> = Request

/**
 * Asks for the valid path with a hash part: 32 digits of nix32, which the daemon does not check when it reads them.
 *
 * Versions: 1.11 and above. Source: operations, QueryPathFromHashPart.
 */
export const QueryPathFromHashPart = operation({
  id: 29,
  name: 'QueryPathFromHashPart',
  summary: 'the path with a hash part',
  since: '1.11',
  request,
  reply: OptStorePath,
})
