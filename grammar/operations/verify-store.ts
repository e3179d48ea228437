import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { Bool, Bool64 } from '../integers.js'
import { operation } from './operation.js'

const Request = struct('VerifyStoreRequest', { checkContents: Bool64, repair: Bool64 })

/** The request of VerifyStore. */
export interface VerifyStoreRequest extends TypeOf<typeof Request> {}

const request: Grammar<VerifyStoreRequest> = Request

/**
 * Checks that the valid paths are there, and with `checkContents` that their hashes are right. True says that errors
 * remain.
 *
 * Versions: 1.14 and above. Source: operations, VerifyStore.
 */
export const VerifyStore = operation({
  id: 35,
  name: 'VerifyStore',
  summary: 'checks the integrity of the store',
  since: '1.14',
  request,
  reply: Bool,
  connection: 'own',
  trust: 'restricted',
  note: '`repair` is for trusted clients.',
})
