import { map, none, type Option, some } from 'fp-ts/lib/Option.js'
import { setOf, struct } from '../../../combinators/index.js'
import type { ServeOptions } from '../../../daemon/server-options.js'
import type { Handlers } from '../../../daemon/server-types.js'
import {
  type AddToStoreReply,
  Bool,
  Nothing,
  operation,
  operations,
  StorePath,
  Text,
  UInt64,
  type UnkeyedValidPathInfo,
} from '../../../grammar/index.js'

type Own = Handlers<typeof operations>

/** A mistake in a copy of our server, and a case that must show it. */
export interface Fault {
  readonly what: string
  /** The beginning of the identifiers of the cases that are tried. */
  readonly tries: string
  readonly handlers?: (own: Own) => object
  readonly operations?: { readonly [name: string]: object }
  readonly options?: ServeOptions
}

const { AddMultipleToStore, AddToStore, AddToStoreNar, CollectGarbage, FindRoots, IsValidPath } = operations
const { QueryPathFromHashPart, QueryPathInfo, QueryValidPaths, SetOptions } = operations

/** Reads an upload to its end and reports success. */
const taking = async (_: unknown, { upload }: { readonly upload: AsyncIterable<Uint8Array> }) => {
  for await (const _chunk of upload) {
    // It does not check anything.
  }
  return undefined
}

const telling =
  (...messages: ReadonlyArray<object>) =>
  (own: Own): object => ({
    ...own,
    FindRoots: async (_: unknown, { log }: { readonly log: { send(message: object): Promise<void> } }) => {
      for (const message of messages) {
        await log.send(message)
      }
      return []
    },
  })

const start = {
  _tag: 'StartActivity',
  id: 7n,
  level: 'Info',
  type: 'Unknown',
  text: '',
  fields: [],
  parent: 0n,
}
const stop = { _tag: 'StopActivity', id: 7n }

const replying = (name: keyof typeof operations, reply: unknown) => (own: Own) => ({
  ...own,
  [name]: () => reply,
})

/** The request as it was below 1.12. */
const withoutOverrides = struct(
  'Short',
  Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`word${i}`, UInt64])),
)

/** Replies differently than our server. */
const changing =
  <A>(name: keyof Own, change: (answer: A) => unknown) =>
  (own: Own): object => ({
    ...own,
    [name]: async (...given: ReadonlyArray<unknown>) =>
      change((await (own[name] as (...all: ReadonlyArray<unknown>) => unknown)(...given)) as A),
  })

const storePrefix = `/nix/store/${'0'.repeat(32)}`

const someInfo = {
  deriver: none,
  narHash: '0'.repeat(64),
  references: [],
  registrationTime: 0n,
  narSize: 0n,
  ultimate: false,
  signatures: [],
  ca: none,
}

export const faults: ReadonlyArray<Fault> = [
  {
    what: 'every path is valid',
    tries: '3.IsValidPath@1.38.of-none',
    handlers: replying('IsValidPath', true),
  },
  {
    what: 'no path is known by its hash',
    tries: '3.QueryPathFromHashPart@1.38',
    handlers: replying('QueryPathFromHashPart', none),
  },
  {
    what: 'nothing is valid among many',
    tries: '3.QueryValidPaths@1.38',
    handlers: replying('QueryValidPaths', []),
  },
  {
    what: 'the size of an archive is wrong',
    tries: '3.QueryPathInfo@1.38.of-a-path',
    handlers: changing('QueryPathInfo', (found: Option<UnkeyedValidPathInfo>) =>
      map((info: UnkeyedValidPathInfo) => ({ ...info, narSize: info.narSize + 1n }))(found),
    ),
  },
  {
    what: 'an archive ends too early',
    tries: '3.NarFromPath@1.38.of-a-path',
    handlers: (own) => ({
      ...own,
      NarFromPath: async function* (...given: Parameters<NonNullable<Own['NarFromPath']>>) {
        const nar = await own.NarFromPath?.(...given)
        for await (const chunk of nar as AsyncIterable<Uint8Array>) {
          yield chunk.subarray(0, 40)
          return
        }
      },
    }),
  },
  {
    what: 'it says one word too many behind an answer',
    tries: '3.IsValidPath@1.38',
    operations: {
      IsValidPath: operation({ ...IsValidPath, reply: struct('Twice', { one: Bool, two: Bool }) }),
    },
    handlers: replying('IsValidPath', { one: false, two: false }),
  },
  {
    what: 'it leaves an answer out',
    tries: '3.QueryPathFromHashPart@1.38.of-none',
    operations: { QueryPathFromHashPart: operation({ ...QueryPathFromHashPart, reply: Nothing }) },
    handlers: replying('QueryPathFromHashPart', undefined),
  },
  {
    what: 'it forgets the flag that a request has since 1.27',
    tries: '3.QueryValidPaths@1.27',
    operations: {
      QueryValidPaths: operation({
        ...QueryValidPaths,
        request: struct('Short', { paths: setOf(StorePath) }),
      }),
    },
  },
  {
    what: 'it expects that flag below 1.27, too',
    tries: '3.QueryValidPaths@1.18',
    operations: {
      QueryValidPaths: operation({
        ...QueryValidPaths,
        request: struct('Long', { paths: setOf(StorePath), substitute: Bool }),
      }),
    },
  },
  {
    what: 'it answers a path info without the word whether there is one',
    tries: '3.QueryPathInfo@1.38.of-none',
    operations: { QueryPathInfo: operation({ ...QueryPathInfo, reply: UInt64 }) },
    handlers: replying('QueryPathInfo', 1n),
  },
  {
    what: 'it forgets a zero behind what was collected',
    tries: '3.CollectGarbage@1.38',
    operations: {
      CollectGarbage: operation({
        ...CollectGarbage,
        reply: struct('Short', { count: UInt64, bytesFreed: UInt64 }),
      }),
    },
    handlers: replying('CollectGarbage', { count: 0n, bytesFreed: 0n }),
  },
  {
    what: 'it takes any text for a store path',
    tries: '4.before',
    operations: { IsValidPath: operation({ ...IsValidPath, request: struct('Loose', { path: Text }) }) },
    handlers: replying('IsValidPath', false),
  },
  {
    what: 'it takes any texts for a set of store paths',
    tries: '7.QueryValidPaths',
    operations: {
      QueryValidPaths: operation({
        ...QueryValidPaths,
        request: struct('Loose', { paths: setOf(Text), substitute: Bool }),
      }),
    },
    handlers: replying('QueryValidPaths', []),
  },
  {
    what: 'it knows no overrides of options',
    tries: '2.overrides',
    operations: { SetOptions: operation({ ...SetOptions, request: withoutOverrides }) },
  },
  {
    what: 'an operation has another number',
    tries: '3.FindRoots@1.38',
    operations: { FindRoots: operation({ ...FindRoots, id: 114 }) },
  },
  {
    what: 'it takes a file for one that comes without frames',
    tries: '3.AddToStore@1.38',
    operations: {
      AddToStore: operation({
        ...AddToStore,
        streams: AddToStore.streams.map((stream) => ({ ...stream, way: 'raw', content: 'Nar' })) as never,
      }),
    },
  },
  {
    what: 'it adds under another path',
    tries: '5.AddToStore@1.38.frames-8',
    handlers: changing('AddToStore', (added: AddToStoreReply) => ({ ...added, path: `${added.path}-2` })),
  },
  {
    what: 'it does not look at the hash of an archive',
    tries: '5.AddToStoreNar@1.38.hash',
    operations: { AddToStoreNar },
    handlers: (own) => ({ ...own, AddToStoreNar: taking }),
  },
  {
    what: 'it does not look at one archive of many',
    tries: '5.AddMultipleToStore.size',
    operations: { AddMultipleToStore },
    handlers: (own) => ({ ...own, AddMultipleToStore: taking }),
  },
  {
    what: 'an archive that is cut is stored',
    tries: '5.AddToStore@1.38.cut-archive',
    handlers: (own) => ({
      ...own,
      AddToStore: async (request: { readonly name: string }, call: Parameters<typeof taking>[1]) => {
        await taking(request, call)
        return { path: `${storePrefix}-${request.name}`, info: some(someInfo) }
      },
    }),
  },
  { what: 'an activity is left open', tries: '3.FindRoots@1.38', handlers: telling(start) },
  { what: 'an activity is closed twice', tries: '3.FindRoots@1.38', handlers: telling(start, stop, stop) },
  {
    what: 'an activity has the fields of another',
    tries: '3.FindRoots@1.38',
    handlers: telling({ ...start, type: 'Build' }, stop),
  },
  {
    what: 'something is told of an activity that is not open',
    tries: '3.FindRoots@1.38',
    handlers: telling({ _tag: 'Result', id: 9n, type: 'SetPhase', fields: [{ type: 'String', value: 'x' }] }),
  },
  {
    what: 'it repairs for anybody',
    tries: '4.untrusted.VerifyStore',
    handlers: replying('VerifyStore', false),
    options: { trusted: false },
  },
  {
    what: 'it tells untrusted clients where roots are',
    tries: '4.untrusted.FindRoots',
    handlers: replying('FindRoots', [{ link: '{temp:1}', path: `${storePrefix}-x` }]),
    options: { trusted: false },
  },
  {
    what: 'it believes untrusted clients that a path is what it is called',
    tries: '4.untrusted.AddToStoreNar',
    operations: { AddToStoreNar },
    handlers: (own) => ({ ...own, AddToStoreNar: taking }),
    options: { trusted: false },
  },
  { what: 'it knows no client below 1.30', tries: '1.version.1.2', options: { oldest: '1.30' } },
]
