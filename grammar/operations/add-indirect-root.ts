import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { Text } from '../strings.js'
import { One, operation } from './operation.js'

const Request = struct('AddIndirectRootRequest', { link: Text })

/** The request of AddIndirectRoot. */
export interface AddIndirectRootRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddIndirectRootRequest> = Request

/**
 * Makes a symbolic link outside the store a root of the garbage collector: as long as it points to a path, that path is
 * kept. The daemon makes the file path absolute.
 *
 * Versions: all. Source: operations, AddIndirectRoot.
 */
export const AddIndirectRoot = operation({
  id: 12,
  name: 'AddIndirectRoot',
  summary: 'keeps alive what a link points to',
  since: '1.2',
  request,
  reply: One,
})
