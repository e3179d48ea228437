import type { CollectGarbageReply, CollectGarbageRequest } from '../../grammar/operations/collect-garbage.js'
import type { StorePath } from '../../types/index.js'
import { RemoteError } from '../failure.js'
import { closureOrder } from './closure-order.js'
import type { Store } from './store.js'

interface Known {
  readonly references: ReadonlyMap<StorePath, ReadonlyArray<StorePath>>
  /** The paths that a root needs. */
  readonly live: ReadonlySet<StorePath>
}

/**
 * Answers CollectGarbage: the live, the dead, or the deleted paths. Referrers are deleted before their references, so
 * that the remaining paths are complete wherever this stops.
 *
 * @throws RemoteError for a path that may not be deleted; the errors of the store.
 */
export const collectGarbage = async (
  store: Store,
  roots: Iterable<StorePath>,
  { action, paths: wanted, ignoreLiveness, maxFreed }: CollectGarbageRequest,
): Promise<CollectGarbageReply> => {
  if (ignoreLiveness) {
    throw new RemoteError('this store does not delete paths that are alive')
  }
  const known = await knownOf(store, roots)
  if (action === 'ReturnLive') {
    return { paths: [...known.live], bytesFreed: 0n }
  }
  const dead =
    wanted._tag === 'WholeStore'
      ? [...known.references.keys()].filter((path) => !known.live.has(path))
      : await deletable(store, known, wanted.paths, wanted.deleteReferrers, action === 'DeleteSpecific')
  if (action === 'ReturnDead') {
    return { paths: dead, bytesFreed: 0n }
  }
  const chosen = new Set(dead)
  const inOrder = closureOrder(chosen, (path) =>
    (known.references.get(path) ?? []).filter((each) => chosen.has(each)),
  )
  return deleted(store, [...inOrder].reverse(), maxFreed)
}

const knownOf = async (store: Store, roots: Iterable<StorePath>): Promise<Known> => {
  const references = new Map<StorePath, ReadonlyArray<StorePath>>()
  for (const path of await store.paths()) {
    references.set(path, (await store.info(path))?.references ?? [])
  }
  const valid = [...roots].filter((path) => references.has(path))
  const live = closureOrder(valid, (path) => references.get(path) ?? [])
  return { references, live: new Set(live) }
}

/** Of some paths, those that nothing needs, with their referrers if these may be deleted too. */
const deletable = async (
  store: Store,
  { references, live }: Known,
  wanted: ReadonlyArray<StorePath>,
  withReferrers: boolean,
  all: boolean,
): Promise<ReadonlyArray<StorePath>> => {
  const given = new Set(wanted)
  const chosen = new Set<StorePath>()
  const referrers = new Map<StorePath, ReadonlyArray<StorePath>>()
  const referrersOf = async (path: StorePath): Promise<ReadonlyArray<StorePath>> => {
    const found = referrers.get(path) ?? [...(await store.referrers(path))]
    referrers.set(path, found)
    return found
  }
  // Referrers are checked first: a path can be deleted if all of these can.
  const stays = new Set<StorePath>()
  const around = new Set<StorePath>()
  const waiting = wanted.filter((path) => references.has(path))
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (!around.has(path)) {
      around.add(path)
      for (const referrer of await referrersOf(path)) {
        waiting.push(referrer)
      }
    }
  }
  const mayGo = (path: StorePath): boolean => !live.has(path) && (withReferrers || given.has(path))
  for (const path of closureOrder(around, (each) => referrers.get(each) ?? [])) {
    const isFree =
      mayGo(path) && (referrers.get(path) ?? []).every((each) => each === path || !stays.has(each))
    ;(isFree ? chosen : stays).add(path)
  }
  const kept = wanted.find((path) => stays.has(path))
  if (all && kept !== undefined) {
    throw new RemoteError(`cannot delete path '${kept}' since it is still alive`)
  }
  return [...chosen]
}

const deleted = async (
  store: Store,
  paths: ReadonlyArray<StorePath>,
  maxFreed: bigint,
): Promise<CollectGarbageReply> => {
  const gone: Array<StorePath> = []
  let bytesFreed = 0n
  for (const path of paths) {
    if (bytesFreed >= maxFreed) {
      break
    }
    const size = (await store.info(path))?.narSize ?? 0n
    await store.remove(path)
    gone.push(path)
    bytesFreed += size
  }
  return { paths: gone, bytesFreed }
}
