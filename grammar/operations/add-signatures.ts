import type { Grammar, TypeOf } from '../../combinators/node.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { StorePath } from '../store-paths.js'
import { Signature } from '../strings.js'
import { One, operation } from './operation.js'

const Request = struct('AddSignaturesRequest', { path: StorePath, signatures: setOf(Signature) })

/** The request of AddSignatures. */
export interface AddSignaturesRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddSignaturesRequest> = Request

/**
 * Adds signatures to what the store knows of a path.
 *
 * Versions: 1.16 and above. Source: operations, AddSignatures.
 */
export const AddSignatures = operation({
  id: 37,
  name: 'AddSignatures',
  summary: 'adds signatures to a path',
  since: '1.16',
  request,
  reply: One,
})
