import { allOf } from '../../combinators/gate.js'
import type { Grammar, TypeOf } from '../../combinators/node.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { before, since } from '../../types/nix-gates.js'
import { Text } from '../strings.js'
import { One, operation } from './operation.js'

const Request = struct('ClearFailedPathsRequest', { paths: setOf(Text) })

/** The request of ClearFailedPaths. */
export interface ClearFailedPathsRequest extends TypeOf<typeof Request> {}

const request: Grammar<ClearFailedPathsRequest> = Request

/**
 * Makes the daemon forget that the builds of some paths failed; `*` stands for all.
 *
 * Versions: below 1.16, up to Nix 1.11. Source: operations, ClearFailedPaths.
 */
export const ClearFailedPaths = operation({
  id: 25,
  name: 'ClearFailedPaths',
  summary: 'forgets that builds failed',
  status: 'removed',
  since: '1.6',
  until: '1.11',
  gate: allOf(since('1.6'), before('1.16')),
  request,
  reply: One,
})
