import type { Grammar, TypeOf } from '../../combinators/node.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { StorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { operation } from './operation.js'

const Request = struct('AddTextToStoreRequest', { name: Text, text: Text, references: setOf(StorePath) })

/** The request of AddTextToStore. */
export interface AddTextToStoreRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddTextToStoreRequest> = Request

/**
 * Adds a file to the store whose references count as part of what it is: the method `text:sha256` of AddToStore, which
 * newer clients use.
 *
 * Versions: all, obsolete. The daemon checks `name` after it has read the request. Source: operations, AddTextToStore.
 */
export const AddTextToStore = operation({
  id: 8,
  name: 'AddTextToStore',
  summary: 'adds a text file',
  status: 'obsolete',
  since: '1.2',
  request,
  reply: StorePath,
})
