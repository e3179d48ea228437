import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { StorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { operation } from './operation.js'

const Request = struct('AddPermRootRequest', { path: StorePath, link: Text })

/** The request of AddPermRoot. */
export interface AddPermRootRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddPermRootRequest> = Request

/**
 * Makes a symbolic link to a path that the garbage collector counts as a root. The reply is the link's absolute path.
 *
 * Versions: 1.36 and above. Source: operations, AddPermRoot.
 */
export const AddPermRoot = operation({
  id: 47,
  name: 'AddPermRoot',
  summary: 'keeps a path alive with a link',
  since: '1.36',
  request,
  reply: Text,
  trust: 'trusted',
})
