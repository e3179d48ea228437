import { listOf } from '../../combinators/structures/sequence.js'
import { since } from '../../types/nix-gates.js'
import { StorePath } from '../store-paths.js'
import { noArguments, operation } from './operation.js'

/**
 * Adds the paths of an export to the store. The daemon requests the stream with `Read` messages; the reply is the
 * paths that it added, in the order of the stream.
 *
 * Versions: all, up to Nix 2.31; clients of 1.17 and below use it instead of AddToStoreNar. Source: operations,
 * ImportPaths.
 */
export const ImportPaths = operation({
  id: 27,
  name: 'ImportPaths',
  summary: 'adds exported paths',
  status: 'removed',
  since: '1.10',
  until: '2.31',
  request: noArguments('ImportPaths'),
  reply: listOf(StorePath),
  streams: [{ gate: since('1.10'), direction: 'upload', way: 'pulled', content: 'ImportPaths' }],
})
