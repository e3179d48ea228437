import type { Grammar, TypeOf } from '../../combinators/node.js'
import { listOf, setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { DerivedPath } from '../derived-path.js'
import { UInt64 } from '../primitives.js'
import { StorePath } from '../store-paths.js'
import { operation } from './operation.js'

const Request = struct('QueryMissingRequest', { paths: listOf(DerivedPath) })

/** What QueryMissing is asked. */
export interface QueryMissingRequest extends TypeOf<typeof Request> {}

const request: Grammar<QueryMissingRequest> = Request

const Reply = struct('QueryMissingReply', {
  willBuild: setOf(StorePath),
  willSubstitute: setOf(StorePath),
  unknown: setOf(StorePath),
  downloadSize: UInt64,
  narSize: UInt64,
})

/** What QueryMissing answers. */
export interface QueryMissingReply extends TypeOf<typeof Reply> {}

const reply: Grammar<QueryMissingReply> = Reply

/**
 * Asks what building some paths would take: derivations to build, paths to substitute, and paths that nobody knows
 * how to come by. Both sizes are in bytes and those of what would be substituted.
 *
 * Versions: 1.19 and above. Source: operations, QueryMissing.
 */
export const QueryMissing = operation({
  id: 40,
  name: 'QueryMissing',
  summary: 'what is to be built and substituted',
  since: '1.19',
  request,
  reply,
})
