import { setOf } from '../../combinators/structures/sequence.js'
import { StorePath } from '../store-paths.js'
import { byPath, operation } from './operation.js'

/**
 * Asks what a path refers to. Newer clients ask QueryPathInfo. Nix 2.8 never answers.
 *
 * Versions: all, up to Nix 2.33. Source: operations, QueryReferences.
 */
export const QueryReferences = operation({
  id: 5,
  name: 'QueryReferences',
  summary: 'the references of a path',
  status: 'removed',
  since: '1.2',
  until: '2.33',
  request: byPath('QueryReferences'),
  reply: setOf(StorePath),
})
