import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { Bool64 } from '../integers.js'
import { Nothing, operation } from './operation.js'

const Request = struct('AddMultipleToStoreRequest', { repair: Bool64, dontCheckSigs: Bool64 })

/** The request of AddMultipleToStore. */
export interface AddMultipleToStoreRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddMultipleToStoreRequest> = Request

/**
 * Adds paths with their infos and NARs, in one stream: a count, then for each path a ValidPathInfo and the NAR. The
 * info is always in the form of protocol 1.16, whatever was negotiated. Paths should come after those they refer to.
 *
 * Versions: 1.32 and above. The daemon ignores `ultimate`. Source: operations, AddMultipleToStore.
 */
export const AddMultipleToStore = operation({
  id: 44,
  name: 'AddMultipleToStore',
  summary: 'adds many paths with their infos',
  since: '1.32',
  request,
  reply: Nothing,
  streams: [{ gate: since('1.32'), direction: 'upload', way: 'framed', content: 'AddMultipleToStore' }],
  trust: 'restricted',
  note: '`dontCheckSigs` of untrusted clients is ignored.',
})
