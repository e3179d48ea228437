import { none, some } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../../combinators/index.js'
import type { BuiltOutputs } from '../../grammar/index.js'
import type * as T from '../../types/index.js'
import type { GrammarName, ValueOf } from './grammars.js'
import { hasFeature, isSince } from './protocols.js'

/** Edge cases of every grammar, chosen by hand and canonical: sets and maps are in order. */

const hash = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'
const longest = `${'Az09+-._?='.repeat(21)}z`
const base = (name: string): T.BaseStorePath => `${hash}-${name}` as string as T.BaseStorePath
export const storePath = (name: string): T.StorePath => `/nix/store/${hash}-${name}` as string as T.StorePath
const output = (name: string): T.OutputName => name as string as T.OutputName
export const signature = (text: string): T.Signature => text as string as T.Signature
export const sha256 = '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'
const narHash = sha256 as string as T.NARHash
const base16 = (digits: string): T.Base16Digest => digits as string as T.Base16Digest
const digest = (text: string): T.HashDigest => text as string as T.HashDigest

const maxU64 = 2n ** 64n - 1n
const maxI64 = 2n ** 63n - 1n

/** By key name, then by decoded bytes. As texts `k.2:` comes before `k:`, and `+` before `A`. */
const signatures: ReadonlyArray<T.Signature> = [
  'k:AAAA',
  'k:AAAB',
  'k:zzzz',
  'k:++++',
  'k.2:AA==',
  'k2:AA==',
].map(signature)

const texts: ReadonlyArray<string> = [
  '',
  'a',
  '12345678',
  '\ufeffwith a mark',
  'nul \0 inside',
  'é大🦊',
  `${'long and not ASCII é '.repeat(8)}\u{10ffff}`,
]

const escapedTexts: ReadonlyArray<string> = [
  ...texts,
  'A\udcffB',
  '\udcf0\udc9f\udca6',
  '\udced\udca0\udc80',
  `${'x'.repeat(200)}\udc80`,
]

const paths: ReadonlyArray<T.StorePath> = [storePath('x'), storePath('x.drv'), storePath(longest)]

const contentAddresses: ReadonlyArray<T.ContentAddress> = [
  ['Text', 'sha256', '0'.repeat(52)],
  ['Flat', 'md5', '3'.padEnd(26, 'z')],
  ['NixArchive', 'sha1', 'z'.repeat(32)],
  ['Git', 'sha512', '0'.repeat(103)],
  ['Flat', 'blake3', '1'.padEnd(52, 'z')],
].map(([_tag, algorithm, nix32]) => ({ _tag, algorithm, digest: nix32 }) as T.ContentAddress)

const methods: ReadonlyArray<T.ContentAddressMethodWithAlgo> = (
  ['Text', 'Flat', 'NixArchive', 'Git'] as const
).map((_tag) => ({ _tag, algorithm: 'sha256' }))

const digests: ReadonlyArray<T.HashDigest> = [
  digest('0'.repeat(32)),
  digest('f'.repeat(128)),
  digest('0sg9f58l1jj88w6pdrfdpj5x9b1zrwszk84j81zvby36q9whhhqa'),
  digest('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
]

const nested = (depth: number): T.SingleDerivedPath => {
  let path: T.SingleDerivedPath = { _tag: 'Opaque', path: storePath('n.drv') }
  for (let i = 0; i < depth; i++) path = { _tag: 'Built', drvPath: path, output: output(`o${i}`) }
  return path
}

const derivedPaths = (given: Protocol): ReadonlyArray<T.DerivedPath> => {
  const drv: T.OpaquePath = { _tag: 'Opaque', path: storePath('d.drv') }
  const common: ReadonlyArray<T.DerivedPath> = [
    { _tag: 'Opaque', path: storePath(longest) },
    { _tag: 'Built', drvPath: drv, outputs: { _tag: 'All' } },
    { _tag: 'Built', drvPath: drv, outputs: { _tag: 'Names', names: ['A', 'a', 'out'].map(output) } },
  ]
  return isSince(given, '1.30')
    ? [
        ...common,
        drv,
        { _tag: 'Built', drvPath: { _tag: 'Opaque', path: storePath('x') }, outputs: { _tag: 'All' } },
        { _tag: 'Built', drvPath: nested(1), outputs: { _tag: 'Names', names: [output(longest)] } },
        { _tag: 'Built', drvPath: nested(63), outputs: { _tag: 'All' } },
      ]
    : common
}

const byHash = (name: string): T.DrvOutputByHash => ({
  _tag: 'Hash',
  algorithm: 'sha256',
  digest: base16(sha256),
  outputName: output(name),
})

const byPath = (name: string): T.DrvOutputByPath => ({
  _tag: 'Path',
  drvPath: storePath('d.drv'),
  outputName: output(name),
})

/** The text that Nix 2.35 and later writes without the feature: it is not canonical JSON, so it is kept. */
const sparse: T.RealisationByHash = {
  _tag: 'Hash',
  id: { ...byHash('out'), digest: base16('0'.repeat(64)) },
  outPath: base('x'),
  signatures: [],
  dependentRealisations: new Map(),
  text: some(`{"id":"sha256:${'0'.repeat(64)}!out","outPath":"${base('x')}"}`),
}

const plainRealisation = (name: string): T.RealisationByHash => ({
  ...sparse,
  id: byHash(name),
  text: none,
})

const jsonRealisations: ReadonlyArray<T.RealisationByHash> = [
  {
    _tag: 'Hash',
    id: byHash('out'),
    outPath: base(longest),
    signatures,
    dependentRealisations: new Map([
      [`md5:${'0'.repeat(32)}!a`, base('a')],
      [`sha256:${sha256}!out`, base('b')],
    ]),
    text: none,
  },
  sparse,
]

const unkeyedRealisations: ReadonlyArray<ValueOf<'UnkeyedRealisation'>> = [
  { outPath: storePath('x'), signatures: [] },
  { outPath: storePath(longest), signatures },
]

const realisations = (given: Protocol): ReadonlyArray<T.Realisation> =>
  hasFeature(given)
    ? unkeyedRealisations.map((unkeyed) => ({
        _tag: 'Path',
        id: { drvPath: storePath('d.drv'), outputName: output('out') },
        ...unkeyed,
      }))
    : jsonRealisations

const builtOutputs = (given: Protocol): ReadonlyArray<BuiltOutputs> => {
  if (hasFeature(given)) {
    return [
      new Map(),
      new Map(
        ['7', 'A', 'out'].map((name, i) => [
          output(name),
          { _tag: 'Path', ...(unkeyedRealisations[i % 2] as ValueOf<'UnkeyedRealisation'>) },
        ]),
      ),
    ]
  }
  return isSince(given, '1.28')
    ? [
        new Map(),
        new Map([
          [output('out'), { _tag: 'Hash', key: sparse.id, realisation: sparse }],
          [
            output('10'),
            {
              _tag: 'Hash',
              key: byHash('10'),
              realisation: plainRealisation('10'),
            },
          ],
        ]),
      ]
    : [new Map()]
}

const buildResults = (given: Protocol): ReadonlyArray<ValueOf<'BuildResult'>> => {
  const least: ValueOf<'BuildResult'> = {
    status: 'Built',
    errorMsg: '',
    timesBuilt: 0,
    isNonDeterministic: false,
    startTime: 0n,
    stopTime: 0n,
    cpuUser: none,
    cpuSystem: none,
    builtOutputs: new Map(),
  }
  const timed = isSince(given, '1.29')
    ? { timesBuilt: 2 ** 32 - 1, isNonDeterministic: true, startTime: maxI64, stopTime: 2n ** 53n + 1n }
    : {}
  const cpu = isSince(given, '1.37') ? { cpuUser: some(maxI64), cpuSystem: some(0n) } : {}
  return builtOutputs(given).flatMap((outputs) => [
    { ...least, builtOutputs: outputs },
    { ...least, ...timed, ...cpu, status: 'NoSubstituters', errorMsg: 'no\udcff', builtOutputs: outputs },
  ])
}

const pathInfos = (given: Protocol): ReadonlyArray<ValueOf<'UnkeyedValidPathInfo'>> => {
  const least: ValueOf<'UnkeyedValidPathInfo'> = {
    deriver: none,
    narHash,
    references: [],
    registrationTime: 0n,
    narSize: 0n,
    ultimate: false,
    signatures: [],
    ca: none,
  }
  const full = {
    ...least,
    deriver: some(storePath('d.drv')),
    references: [...paths].sort(),
    registrationTime: maxI64,
    narSize: maxU64,
  }
  return isSince(given, '1.16')
    ? [
        least,
        ...contentAddresses.slice(0, 2).map((ca) => ({ ...full, ultimate: true, signatures, ca: some(ca) })),
      ]
    : [least, full]
}

const errors = (given: Protocol): ReadonlyArray<ValueOf<'Error'>> =>
  isSince(given, '1.26')
    ? [
        { level: 'Error', msg: '', exitStatus: 1, traces: [] },
        { level: 2 ** 32 - 1, msg: '\udcff', exitStatus: 1, traces: [{ hint: '' }, { hint: 'é\udc80' }] },
      ]
    : [
        { level: 'Error', msg: '', exitStatus: 0, traces: [] },
        { level: 'Error', msg: '\udcff', exitStatus: 2 ** 32 - 1, traces: [] },
      ]

const derivationOutputs: ReadonlyArray<T.DerivationOutput> = [
  { _tag: 'InputAddressed', path: storePath('x') },
  ...(['Text', 'Flat', 'NixArchive', 'Git'] as const).map(
    (method): T.DerivationOutput => ({
      _tag: 'CAFixed',
      path: storePath(longest),
      method,
      algorithm: 'sha256',
      digest: base16(sha256),
    }),
  ),
  { _tag: 'CAFloating', method: 'NixArchive', algorithm: 'sha512' },
  { _tag: 'Deferred' },
  { _tag: 'Impure', method: 'Flat', algorithm: 'md5' },
]

const derivations: ReadonlyArray<ValueOf<'BasicDerivation'>> = [
  { outputs: new Map(), inputSrcs: [], platform: '', builder: '', args: [], env: new Map() },
  {
    outputs: new Map(
      (
        [
          ['10', 6],
          ['7', 7],
          ['out', 0],
        ] as const
      ).map(([name, i]) => [output(name), derivationOutputs[i] as T.DerivationOutput]),
    ),
    inputSrcs: [...paths].sort(),
    platform: 'x86_64-linux',
    builder: '/bin/sh',
    args: ['', '-c', '\udcff'],
    env: new Map([
      ['', ''],
      ['10', 'ten'],
      ['7', 'seven'],
      ['__json', '{}'],
      ['__proto__', 'data'],
      ['constructor', '\udcff\udcfe'],
      ['isLosslessNumber', 'data'],
      ['toString', 'data'],
      // In the order of bytes, which is the reverse of that of UTF-16 units here.
      ['\uffff', 'é'],
      ['🦊', ''],
    ]),
  },
]

const names = <N extends string>(...all: ReadonlyArray<N>): (() => ReadonlyArray<N>) => {
  return () => all
}

export const edgeValues: {
  readonly [N in GrammarName]?: (given: Protocol) => ReadonlyArray<ValueOf<N>>
} = {
  UInt64: () => [0n, 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, maxU64],
  Bytes: () => [0, 1, 7, 8, 9, 255].map((length) => new Uint8Array(length).fill(0xff)),
  Int: () => [0, 1, 255, 256, 2 ** 31, 2 ** 32 - 1],
  Int64: () => [0n, 2n ** 53n + 1n, maxI64],
  UInt8: () => [0, 1, 255],
  Size: () => [0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER],
  Time: () => [0n, 2n ** 53n + 1n, maxI64],
  Bool: () => [false, true],
  Bool64: () => [false, true],
  ProtocolVersion: () => ['0.0', '1.10', '1.38', '255.255'],
  FileIngestionMethod: names('Flat', 'NixArchive'),
  BuildMode: names('Normal', 'Repair', 'Check'),
  Verbosity: () => [
    'Error',
    'Warn',
    'Notice',
    'Info',
    'Talkative',
    'Chatty',
    'Debug',
    'Vomit',
    8,
    2 ** 32 - 1,
  ],
  GCAction: names('ReturnLive', 'ReturnDead', 'DeleteDead', 'DeleteSpecific'),
  BuildStatus: names(
    'Built',
    'Substituted',
    'AlreadyValid',
    'PermanentFailure',
    'InputRejected',
    'OutputRejected',
    'TransientFailure',
    'CachedFailure',
    'TimedOut',
    'MiscFailure',
    'DependencyFailed',
    'LogLimitExceeded',
    'NotDeterministic',
    'ResolvesToAlreadyValid',
    'NoSubstituters',
  ),
  ActivityType: () => [
    'Unknown',
    'CopyPath',
    'FileTransfer',
    'Realise',
    'CopyPaths',
    'Builds',
    'Build',
    'OptimiseStore',
    'VerifyPaths',
    'Substitute',
    'QueryPathInfo',
    'PostBuildHook',
    'BuildWaiting',
    'FetchTree',
    'FetchToStore',
    1,
    99,
    114,
    2 ** 32 - 1,
  ],
  ResultType: () => [
    'FileLinked',
    'BuildLogLine',
    'UntrustedPath',
    'CorruptedPath',
    'SetPhase',
    'Progress',
    'SetExpected',
    'PostBuildLogLine',
    'FetchStatus',
    'FetchToStore',
    0,
    110,
  ],
  FieldType: names('Int', 'String'),
  OptTrusted: () => [none, some('Trusted'), some('NotTrusted')],
  String: () => texts,
  Text: () => escapedTexts,
  Path: () =>
    ['/', '/tmp', '/é/🦊', `/${'long/'.repeat(60)}x`] as ReadonlyArray<string> as ReadonlyArray<T.Path>,
  NARHash: () => [narHash, '0'.repeat(64) as string as T.NARHash],
  Signature: () => [...signatures, signature(`k é:${'A'.repeat(88)}`)],
  HashAlgorithm: names('md5', 'sha1', 'sha256', 'sha512', 'blake3'),
  HashDigest: () => digests,
  OptHashDigest: () => [none, ...digests.map(some)],
  StorePath: () => paths,
  BaseStorePath: () => [base('x'), base('.x'), base(longest)],
  StorePathName: () =>
    ['x', '.x', '...', '=', longest] as ReadonlyArray<string> as ReadonlyArray<T.StorePathName>,
  StorePathHash: () =>
    [hash, '0'.repeat(32), 'z'.repeat(32)] as ReadonlyArray<string> as ReadonlyArray<T.StorePathHash>,
  OutputName: () => ['out', '7', longest].map(output),
  OptStorePath: () => [none, ...paths.map(some)],
  ContentAddressMethodWithAlgo: () => methods,
  OptContentAddressMethodWithAlgo: () => [none, ...methods.map(some)],
  ContentAddress: () => contentAddresses,
  OptContentAddress: () => [none, ...contentAddresses.map(some)],
  DerivedPath: derivedPaths,
  DrvOutput: (given) =>
    hasFeature(given) ? [byPath('out'), byPath(longest)] : [byHash('out'), byHash(longest)],
  UnkeyedRealisation: () => unkeyedRealisations,
  Realisation: realisations,
  OptMicroseconds: () => [none, some(0n), some(maxI64)],
  BuildResult: buildResults,
  KeyedBuildResult: (given) =>
    buildResults(given)
      .slice(0, 2)
      .map((result, i) => ({
        path: derivedPaths(given)[i % 3] as T.DerivedPath,
        result,
      })),
  SubstitutablePathInfo: () => [
    { deriver: none, references: [], downloadSize: 0n, narSize: 0n },
    {
      deriver: some(storePath('d.drv')),
      references: [...paths].sort(),
      downloadSize: maxU64,
      narSize: 2n ** 53n + 1n,
    },
  ],
  UnkeyedValidPathInfo: pathInfos,
  ValidPathInfo: (given) => pathInfos(given).map((info) => ({ path: storePath('x'), info })),
  DerivationOutput: () => derivationOutputs,
  BasicDerivation: () => derivations,
  TraceLine: () => escapedTexts.map((hint) => ({ hint })),
  Error: errors,
  Field: () => [
    { type: 'Int', value: 0n },
    { type: 'Int', value: maxU64 },
    { type: 'String', value: '' },
    { type: 'String', value: '\udcff' },
  ],
  ClientHandshakeInfo: (given) => [
    {
      daemonNixVersion: isSince(given, '1.33') ? some('2.35.2') : none,
      remoteTrustsUs: isSince(given, '1.35') ? some('NotTrusted') : none,
    },
    { daemonNixVersion: isSince(given, '1.33') ? some('') : none, remoteTrustsUs: none },
  ],
}
