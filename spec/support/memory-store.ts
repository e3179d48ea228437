import { createHash } from 'node:crypto'
import { none, some } from 'fp-ts/lib/Option.js'
import { holds, since } from '../../combinators/gate.js'
import { RemoteError } from '../../daemon/failure.js'
import type { Handlers } from '../../daemon/server-types.js'
import type { BuildResult, UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/index.js'
import type { operations } from '../../grammar/operations/index.js'
import { readAddMultiple } from '../../stream/add-multiple-to-store.js'
import { narBytes } from '../../stream/nar/index.js'
import type { Source } from '../../stream/source.js'
import {
  type ContentAddressMethodWithAlgo,
  type NARHash,
  type StorePath,
  toBase16,
  toNix32,
} from '../../types/index.js'

interface Entry {
  readonly info: UnkeyedValidPathInfo
  readonly nar: Uint8Array
}

/** A store in memory, with what a server needs to be a store for a real client. */
export interface MemoryStore {
  readonly entries: Map<StorePath, Entry>
  readonly handlers: Handlers<typeof operations>
  add(
    name: string,
    method: ContentAddressMethodWithAlgo,
    content: Uint8Array,
    references?: ReadonlyArray<StorePath>,
  ): Promise<ValidPathInfo>
}

export const collect = async (
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of source) {
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** The archive of one file. */
export const fileNar = (contents: Uint8Array): Promise<Uint8Array> =>
  collect(
    narBytes([
      { _tag: 'regular', executable: false, size: contents.length },
      ...(contents.length === 0 ? [] : [{ _tag: 'contents', bytes: contents } as const]),
    ]),
  )

export const digest = (algorithm: string, bytes: Uint8Array | string): Buffer =>
  createHash(algorithm).update(bytes).digest()

const sha256 = (bytes: Uint8Array | string): string => toBase16(digest('sha256', bytes))

/** The path for a fingerprint: its SHA-256, folded to 20 bytes. */
const pathOf = (storeDir: string, type: string, hash: string, name: string): StorePath => {
  const folded = new Uint8Array(20)
  digest('sha256', `${type}:sha256:${hash}:${storeDir}:${name}`).forEach((byte, i) => {
    folded[i % 20]! ^= byte
  })
  return `${storeDir}/${toNix32(folded)}-${name}` as StorePath
}

/** How the reference implementation makes the path of an added object. */
export const contentAddressedPath = (
  storeDir: string,
  name: string,
  { _tag, algorithm }: ContentAddressMethodWithAlgo,
  content: Uint8Array,
  references: ReadonlyArray<StorePath> = [],
): StorePath => {
  const hash = toBase16(digest(algorithm, content))
  if (_tag === 'Text') {
    return pathOf(storeDir, ['text', ...[...references].sort()].join(':'), hash, name)
  }
  if (_tag === 'NixArchive' && algorithm === 'sha256') {
    return pathOf(storeDir, ['source', ...[...references].sort()].join(':'), hash, name)
  }
  const prefix = _tag === 'NixArchive' ? 'r:' : ''
  return pathOf(storeDir, 'output:out', sha256(`fixed:out:${prefix}${algorithm}:${hash}:`), name)
}

/** The part of an info that protocols below 1.16 have. */
const olden = (info: UnkeyedValidPathInfo): UnkeyedValidPathInfo => ({
  ...info,
  ultimate: false,
  signatures: [],
  ca: none,
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

export const memoryStore = (storeDir = '/nix/store'): MemoryStore => {
  const entries = new Map<StorePath, Entry>()
  const entryOf = (path: StorePath): Entry => {
    const entry = entries.get(path)
    if (entry === undefined) {
      throw new RemoteError(`path '${path}' is not valid`)
    }
    return entry
  }
  const register = (info: ValidPathInfo, nar: Uint8Array): void => {
    if (sha256(nar) !== info.info.narHash || BigInt(nar.length) !== info.info.narSize) {
      throw new RemoteError(`hash or size mismatch importing path '${info.path}'`)
    }
    entries.set(info.path, { info: { ...info.info, registrationTime: 1n }, nar })
  }
  const add: MemoryStore['add'] = async (name, method, content, references = []) => {
    const path = contentAddressedPath(storeDir, name, method, content, references)
    const nar = method._tag === 'NixArchive' ? content : await fileNar(content)
    const info: UnkeyedValidPathInfo = {
      deriver: none,
      narHash: sha256(nar) as NARHash,
      references,
      registrationTime: 1n,
      narSize: BigInt(nar.length),
      ultimate: false,
      signatures: [],
      ca: some({ ...method, digest: toNix32(digest(method.algorithm, content)) as never }),
    }
    register({ path, info }, nar)
    return { path, info }
  }
  const known = (paths: ReadonlyArray<StorePath>) => paths.filter((path) => entries.has(path))
  const handlers: Handlers<typeof operations> = {
    IsValidPath: ({ path }) => entries.has(path),
    QueryPathInfo: ({ path }, { protocol }) => {
      const entry = holds(since('1.17'), protocol) ? entries.get(path) : entryOf(path)
      return entry === undefined
        ? none
        : some(holds(since('1.16'), protocol) ? entry.info : olden(entry.info))
    },
    QueryValidPaths: ({ paths }) => known(paths),
    QueryAllValidPaths: () => [...entries.keys()],
    QuerySubstitutablePaths: () => [],
    QueryReferrers: ({ path }) =>
      [...entries].filter(([, { info }]) => info.references.includes(path)).map(([other]) => other),
    QueryMissing: () => ({ willBuild: [], willSubstitute: [], unknown: [], downloadSize: 0n, narSize: 0n }),
    EnsurePath: ({ path }) => {
      entryOf(path)
      return undefined
    },
    // This store builds nothing: only existing paths are available.
    BuildPaths: () => undefined,
    BuildPathsWithResults: ({ paths }) => paths.map((path) => ({ path, result: alreadyValid })),
    AddTempRoot: () => undefined,
    NarFromPath: ({ path }): Source => [entryOf(path).nar],
    AddSignatures: ({ path, signatures }) => {
      const { info, nar } = entryOf(path)
      entries.set(path, { nar, info: { ...info, signatures: [...info.signatures, ...signatures] } })
      return undefined
    },
    AddToStore: async ({ name, method, references }, { upload, stream, log }) => {
      await log.line(`adding ${name}`)
      const content = await collect(upload)
      const isWrapped = stream?.content === 'Nar' && method._tag !== 'NixArchive'
      // Below 1.25 a file comes in an archive, with its contents after 96 bytes.
      const inside = isWrapped ? content.subarray(96, 96 + Buffer.from(content).readUInt32LE(88)) : content
      const { path, info } = await add(name, method, inside, references)
      return { path, info: stream?.way === 'raw' ? none : some(info) }
    },
    AddToStoreNar: async ({ info }, { upload }) => {
      register(info, await collect(upload))
      return undefined
    },
    AddMultipleToStore: async (_, { upload }) => {
      let last: ValidPathInfo | null = null
      let parts: Array<Uint8Array> = []
      const finish = () => {
        if (last !== null) {
          register(last, new Uint8Array(Buffer.concat(parts)))
        }
      }
      for await (const event of readAddMultiple(upload)) {
        if (event._tag === 'info') {
          finish()
          last = event.info
          parts = []
        } else if (event._tag === 'nar') {
          parts.push(event.bytes.slice())
        }
      }
      finish()
      return undefined
    },
  }
  return { entries, handlers, add }
}
