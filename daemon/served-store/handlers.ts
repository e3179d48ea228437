import { none } from 'fp-ts/lib/Option.js'
import { later } from '../../bytes/later.js'
import { expectObject } from '../../combinators/expect.js'
import { checkOptions, list } from '../../combinators/options.js'
import type { BuildResult } from '../../grammar/build-result.js'
import type { operations } from '../../grammar/operations/table.js'
import type { UnkeyedValidPathInfo } from '../../grammar/path-info.js'
import { type PublicKey, publicKeyBytes } from '../../store/keys.js'
import type { DerivedPath, StorePath } from '../../types/index.js'
import { RemoteError, toDaemonError } from '../failure.js'
import type { Handlers, ServedConnection } from '../server-types.js'
import type { Adding, Keep } from './adding.js'
import { addedReply, pathInfoReply } from './fitted-replies.js'
import { collectGarbage } from './garbage.js'
import { GateKeeper } from './gate-keeper.js'
import { expectLink, forgetStale, linkedPaths, makeLink } from './roots.js'
import type { Store } from './store.js'
import { TemporaryRoots } from './temporary-roots.js'

type StoreHandlers = Handlers<typeof operations>

export interface StoreHandlersOptions {
  /** The trusted keys: any client may add paths with a signature by one of them. Default: none. */
  readonly trustedKeys?: ReadonlyArray<PublicKey>
}

/**
 * The handlers of a daemon with a store, for `serve` and `serveAt`: queries, all ways to add paths, archives,
 * signatures, roots, garbage collection and verification, at every version of the protocol. It does not build,
 * substitute or repair.
 *
 * ```ts
 * import { memoryStore, serveAt, storeHandlers } from 'nix-wire/daemon'
 *
 * const start = () => serveAt('/run/my-store/socket', storeHandlers(memoryStore()), { trusted: true })
 * ```
 *
 * Added paths are checked: the rules of the archive, its hash and size, and that all its references are valid. A
 * trusted client may add any path; other clients only paths that are content-addressed or signed by a trusted key.
 * Use only one set of handlers for a store, since they synchronise the calls.
 *
 * @throws TypeError for an invalid key.
 */
export const storeHandlers = (
  store: Store,
  options: StoreHandlersOptions = {},
): ((connection: ServedConnection) => Handlers<typeof operations>) => {
  expectObject('the store of storeHandlers', store)
  checkOptions('storeHandlers', { trustedKeys: list }, options)
  const { trustedKeys = [] } = options
  trustedKeys.forEach(publicKeyBytes)
  const gate = new GateKeeper()
  // The code that reads archives is loaded with the first one.
  const adding = later(async () => {
    const { Adding } = await import('./adding.js')
    return new Adding(store, gate, trustedKeys)
  })
  const temporary = new TemporaryRoots()
  return ({ signal }) => {
    const keep = temporary.open(signal)
    return {
      ...queries(store),
      ...additions(adding, keep),
      ...builds(store),
      ...upkeep(store, gate),
      ...roots(store, gate, temporary, keep),
      ...downloads(store, keep),
    }
  }
}

const downloads = (store: Store, keep: Keep): StoreHandlers => ({
  NarFromPath: async ({ path }) => {
    keep(path)
    await validInfo(store, path)
    return store.nar(path)
  },
  ExportPath: async ({ path }, { protocol }) => {
    keep(path)
    const { exportedPath } = await import('./exports.js')
    return exportedPath(store, path, await validInfo(store, path), protocol)
  },
})

const validInfo = async (store: Store, path: StorePath): Promise<UnkeyedValidPathInfo> => {
  const info = await store.info(path)
  if (info === null) {
    throw new RemoteError(`path '${path}' is not valid`)
  }
  return info
}

const validOf = async (store: Store, paths: ReadonlyArray<StorePath>): Promise<ReadonlyArray<StorePath>> => {
  const valid: Array<StorePath> = []
  for (const path of paths) {
    if ((await store.info(path)) !== null) {
      valid.push(path)
    }
  }
  return valid
}

const queries = (store: Store): StoreHandlers => ({
  IsValidPath: async ({ path }) => (await store.info(path)) !== null,
  QueryPathInfo: async ({ path }, { protocol }) => pathInfoReply(protocol, path, await store.info(path)),
  QueryPathHash: async ({ path }) => (await validInfo(store, path)).narHash,
  QueryReferences: async ({ path }) => (await validInfo(store, path)).references,
  QueryDeriver: async ({ path }) => (await validInfo(store, path)).deriver,
  QueryReferrers: async ({ path }) => [...(await store.referrers(path))],
  QueryAllValidPaths: async () => [...(await store.paths())],
  QueryValidPaths: ({ paths }) => validOf(store, paths),
  QueryPathFromHashPart: async ({ hashPart }) => {
    const path = await store.pathOf(hashPart)
    return path === null ? none : { _tag: 'Some', value: path }
  },
  // The store knows no derivations, and has no substituters.
  QueryValidDerivers: () => [],
  HasSubstitutes: () => false,
  QuerySubstitutablePaths: () => [],
  QuerySubstitutablePathInfo: () => none,
  QuerySubstitutablePathInfos: () => new Map(),
})

const refuseRepair = (repair: boolean): void => {
  if (repair) {
    throw new RemoteError('this store cannot repair')
  }
}

const additions = (adding: () => Promise<Adding>, keep: Keep): StoreHandlers => ({
  AddToStore: async (request, call) => {
    refuseRepair(request.repair)
    return addedReply(call.protocol, await (await adding()).upload(request, call, keep))
  },
  AddTextToStore: async ({ name, text, references }) =>
    (await (await adding()).text(name, text, references, keep)).path,
  AddToStoreNar: async ({ info, repair }, call) => {
    refuseRepair(repair)
    await (await adding()).nar(info, call, keep)
    return undefined
  },
  AddMultipleToStore: async ({ repair }, call) => {
    refuseRepair(repair)
    await (await adding()).many(call, keep)
    return undefined
  },
  ImportPaths: async (_, call) => {
    const { importedPaths } = await import('./exports.js')
    return importedPaths(await adding(), call, keep)
  },
})

const alreadyValid: BuildResult = {
  status: 'AlreadyValid',
  errorMsg: '',
  timesBuilt: 0,
  isNonDeterministic: false,
  startTime: 0n,
  stopTime: 0n,
  cpuUser: none,
  cpuSystem: none,
  builtOutputs: new Map(),
}

/** The path of a target: itself, or the derivation. */
const pathIn = (target: DerivedPath): StorePath => {
  let each: DerivedPath | Extract<DerivedPath, { _tag: 'Built' }>['drvPath'] = target
  while (each._tag === 'Built') {
    each = each.drvPath
  }
  return each.path
}

const notMade = (path: StorePath): string =>
  `path '${path}' is not valid, and this store can neither build nor substitute it`

const builds = (store: Store): StoreHandlers => {
  const isThere = async (target: DerivedPath): Promise<boolean> =>
    target._tag === 'Opaque' && (await store.info(target.path)) !== null
  const ensure = async (targets: ReadonlyArray<DerivedPath>): Promise<undefined> => {
    for (const target of targets) {
      if (!(await isThere(target))) {
        throw new RemoteError(
          target._tag === 'Opaque' ? notMade(target.path) : `this store cannot build: ${pathIn(target)}`,
        )
      }
    }
  }
  return {
    EnsurePath: ({ path }) => ensure([{ _tag: 'Opaque', path }]),
    BuildPaths: ({ paths }) => ensure(paths),
    BuildPathsWithResults: async ({ paths }) => {
      const results: Array<{ readonly path: DerivedPath; readonly result: BuildResult }> = []
      for (const path of paths) {
        const failed: BuildResult = {
          ...alreadyValid,
          status: 'NoSubstituters',
          errorMsg: notMade(pathIn(path)),
        }
        results.push({ path, result: (await isThere(path)) ? alreadyValid : failed })
      }
      return results
    },
    QueryMissing: async ({ paths }) => {
      const unknown = new Set<StorePath>()
      for (const target of paths) {
        if (!(await isThere(target))) {
          unknown.add(pathIn(target))
        }
      }
      return { willBuild: [], willSubstitute: [], unknown: [...unknown], downloadSize: 0n, narSize: 0n }
    },
  }
}

const upkeep = (store: Store, gate: GateKeeper): StoreHandlers => ({
  OptimiseStore: () => undefined,
  SyncWithGC: () => gate.beside(() => undefined),
  AddSignatures: ({ path, signatures }) =>
    gate.beside(async () => {
      const { expectSignatures } = await import('./adding.js')
      const info = await validInfo(store, path)
      const all = [...new Set([...info.signatures, ...signatures])]
      expectSignatures(all)
      await store.change(path, { ...info, signatures: all })
      return undefined
    }),
  VerifyStore: async ({ checkContents, repair }, { log }) => {
    refuseRepair(repair)
    let isBroken = false
    for (const path of [...(await store.paths())]) {
      const wrong = await gate.beside(() => wrongWith(store, path, checkContents))
      if (wrong !== null) {
        isBroken = true
        await log.line(`path '${path}' is broken: ${wrong}`)
      }
    }
    return isBroken
  },
})

/** The issue of a path; null if there is none, or if it is no longer valid. */
const wrongWith = async (store: Store, path: StorePath, contents: boolean): Promise<string | null> => {
  const info = await store.info(path)
  if (info === null) {
    return null
  }
  for (const reference of info.references) {
    if ((await store.info(reference)) === null) {
      return `it refers to '${reference}', which is not valid`
    }
  }
  return contents ? wrongInside(store, path, info) : null
}

const wrongInside = async (
  store: Store,
  path: StorePath,
  { narHash, narSize }: UnkeyedValidPathInfo,
): Promise<string | null> => {
  try {
    const { MeasuredNar } = await import('../../stream/measured-nar.js')
    const nar = new MeasuredNar(store.nar(path))
    for await (const _ of nar) {
      // Only the hash is needed.
    }
    return nar.narHash === narHash && nar.narSize === narSize
      ? null
      : `it has ${nar.narSize} bytes and sha256:${nar.narHash}, not ${narSize} and sha256:${narHash}`
  } catch (error) {
    return toDaemonError(error).msg
  }
}

const roots = (store: Store, gate: GateKeeper, temporary: TemporaryRoots, keep: Keep): StoreHandlers => {
  const add = (link: string): Promise<void> => gate.beside(() => store.roots.add(link))
  return {
    AddTempRoot: ({ path }) => gate.beside(() => void keep(path)).then(() => undefined),
    AddIndirectRoot: async ({ link }) => {
      expectLink(link)
      await add(link)
      return undefined
    },
    AddPermRoot: async ({ path, link }) => {
      expectLink(link)
      await validInfo(store, path)
      makeLink(link, path, store.storeDir)
      await add(link)
      return link
    },
    FindRoots: async (_, { trusted }) => {
      const linked = await linkedPaths(store)
      const all = [...linked, ...[...temporary.all()].map(([link, path]) => ({ link, path }))]
      const known: Array<(typeof all)[number]> = []
      for (const root of all) {
        if ((await store.info(root.path)) !== null) {
          known.push(trusted ? root : { ...root, link: '{censored}' })
        }
      }
      return known
    },
    CollectGarbage: (request) =>
      gate.alone(async () => {
        await forgetStale(store)
        const linked = (await linkedPaths(store)).map(({ path }) => path)
        return collectGarbage(store, [...linked, ...[...temporary.all()].map(([, path]) => path)], request)
      }),
  }
}
