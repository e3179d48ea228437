import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, named, type TypeOf } from '../../combinators/node.js'
import { literal } from '../../combinators/primitives/fixed.js'
import { imap } from '../../combinators/structures/imap.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import type * as T from '../../types/index.js'
import { since } from '../../types/nix-gates.js'
import { GCAction } from '../enums.js'
import { deleteDeadSpecificReferrers } from '../features.js'
import { byProtocol, versioned } from '../gated.js'
import { GCPaths } from '../gc-paths.js'
import { Bool64, Int } from '../integers.js'
import { UInt64 } from '../primitives.js'
import { StorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { total } from '../total.js'
import { operation } from './operation.js'

const requestOf = <P>(paths: Grammar<P>) =>
  struct('CollectGarbageRequest', {
    action: GCAction,
    paths,
    ignoreLiveness: Bool64,
    maxFreed: UInt64,
    obsolete1: literal(Int, 0, { ignored: true }),
    obsolete2: literal(versioned(since('1.5'), Int, 0), 0, { ignored: true }),
    obsolete3: literal(versioned(since('1.5'), Int, 0), 0, { ignored: true }),
  })

const Request = requestOf(GCPaths)

/** The request of CollectGarbage. */
export interface CollectGarbageRequest extends TypeOf<typeof Request> {}

/** A set of paths, where the empty one is the whole store unless the action is to delete specific paths. */
const fromSet = (action: GCAction, paths: ReadonlyArray<T.StorePath>): GCPaths =>
  paths.length === 0 && action !== 'DeleteSpecific'
    ? { _tag: 'WholeStore' }
    : { _tag: 'SpecificPaths', paths, deleteReferrers: false }

const toSet = (action: GCAction, given: GCPaths): Either<string, ReadonlyArray<T.StorePath>> => {
  if (given._tag === 'WholeStore') {
    return action === 'DeleteSpecific' ? left('specific paths, if the action is to delete those') : right([])
  }
  if (given.deleteReferrers) {
    return left('no referrers to delete (no feature delete-dead-specific-referrers)')
  }
  return given.paths.length === 0 && action !== 'DeleteSpecific'
    ? left('at least one path, or the whole store')
    : right(given.paths)
}

const withSet: Grammar<CollectGarbageRequest> = imap(
  requestOf(setOf(StorePath)),
  ({ paths, ...rest }): Either<string, CollectGarbageRequest> =>
    right({ ...rest, paths: fromSet(rest.action, paths) }),
  total('a request of CollectGarbage', ({ paths: given, ...rest }: CollectGarbageRequest) => {
    const paths = toSet(rest.action, given)
    return paths._tag === 'Left' ? paths : right({ ...rest, paths: paths.right })
  }),
)

const Reply = struct('CollectGarbageReply', {
  paths: setOf(Text),
  bytesFreed: UInt64,
  obsolete: literal(UInt64, 0n, { ignored: true }),
})

/** The reply of CollectGarbage. */
export interface CollectGarbageReply extends TypeOf<typeof Reply> {}

const reply: Grammar<CollectGarbageReply> = Reply

/**
 * Deletes what no root needs, or tells what that would be. `maxFreed` is in bytes, and 2^64−1 where there is no
 * limit. The reply names the paths that were deleted or found (or roots), and the bytes that became free.
 *
 * With the feature `delete-dead-specific-referrers` GCPaths stand on the wire; without it a set of paths, and the
 * empty set is the whole store, unless the action is DeleteSpecific.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { operations } from 'nix-wire/grammar'
 *
 * compile(operations.CollectGarbage.request).encode({
 *   action: 'ReturnDead', paths: { _tag: 'WholeStore' }, ignoreLiveness: false, maxFreed: 2n ** 64n - 1n,
 * })
 * // => {
 * //   _tag: 'Right',
 * //   right: bytesOf(`
 * //     0100000000000000 0000000000000000 0000000000000000 ffffffffffffffff
 * //     0000000000000000 0000000000000000 0000000000000000`),
 * // }
 * ```
 *
 * Versions: all. `ignoreLiveness` is always an error by now. Source: operations, CollectGarbage, which has no
 * GCPaths.
 */
export const CollectGarbage = operation({
  id: 20,
  name: 'CollectGarbage',
  summary: 'deletes what nothing needs',
  since: '1.2',
  request: named(
    'CollectGarbageRequest',
    byProtocol<CollectGarbageRequest>([[deleteDeadSpecificReferrers, Request]], withSet),
  ),
  reply,
  connection: 'own',
})
