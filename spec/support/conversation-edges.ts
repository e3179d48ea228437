import type { Protocol } from '../../combinators/index.js'
import type * as T from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { archiveEdges } from './archive-edges.js'
import { edgeValues, storePath } from './edge-values.js'
import type { GrammarName, ValueOf } from './grammars.js'
import { isSince } from './protocols.js'

/** Edge cases of a conversation besides its records: handshake, log, small requests. */

const maxU32 = 2 ** 32 - 1
const maxU64 = 2n ** 64n - 1n

const nested = (depth: number): T.SingleDerivedPath => {
  let path: T.SingleDerivedPath = { _tag: 'Opaque', path: storePath('n.drv') }
  for (let i = 0; i < depth; i++) {
    path = { _tag: 'Built', drvPath: path, output: `o${i}` as string as T.OutputName }
  }
  return path
}

const from = (version: Protocol['version'], given: Protocol, ...numbers: ReadonlyArray<number>) =>
  isSince(given, version) ? [0, ...numbers] : [0]

const fields = (given: Protocol): ReadonlyArray<ValueOf<'Field'>> => edgeValues.Field?.(given) ?? []

const messages = (given: Protocol): ReadonlyArray<ValueOf<'LogMessage'>> => [
  { _tag: 'Next', text: '\udcff\n' },
  { _tag: 'Read', wanted: Number.MAX_SAFE_INTEGER },
  { _tag: 'Write', data: new Uint8Array(9).fill(0xff) },
  { _tag: 'Last' },
  ...(edgeValues.Error?.(given) ?? []).map((error) => ({ _tag: 'Error', error }) as const),
  {
    _tag: 'StartActivity',
    id: maxU64,
    level: maxU32,
    type: 99,
    text: '',
    fields: fields(given),
    parent: 2n ** 53n + 1n,
  },
  { _tag: 'StopActivity', id: 2n ** 53n + 1n },
  { _tag: 'Result', id: 0n, type: 'Progress', fields: fields(given) },
  { _tag: 'Result', id: 0n, type: 110, fields: [] },
]

const specificPaths = (): ReadonlyArray<ValueOf<'SpecificPaths'>> => [
  { paths: [], deleteReferrers: false },
  { paths: [storePath('x'), storePath('y')], deleteReferrers: true },
]

const conversationEdges: {
  readonly [N in GrammarName]?: (given: Protocol) => ReadonlyArray<ValueOf<N>>
} = {
  ClientHello: () => [{ version: '0.0' }, { version: '1.38' }, { version: '255.255' }],
  ServerHello: () => [{ version: '0.0' }, { version: '1.38' }, { version: '255.255' }],
  FeatureList: (given) => (isSince(given, '1.38') ? [[], ['', '10', '7', 'x', '\uffff', '🦊']] : [[]]),
  CpuAffinityFlag: (given) => from('1.14', given, 1, 0x125, maxU32),
  CpuAffinity: () => [0, maxU32],
  ReserveSpace: (given) => from('1.11', given, 1, maxU32),
  LogFields: (given) => [[], fields(given)],
  LogMessage: messages,
  SpecificPaths: specificPaths,
  GCPaths: () => [
    ...specificPaths().map((paths) => ({ _tag: 'SpecificPaths', ...paths }) as const),
    { _tag: 'WholeStore' },
  ],
  SingleDerivedPath: () => [nested(0), nested(1), nested(9)],
  Nothing: () => [undefined],
  One: () => [undefined],
  AddedPathInfo: () =>
    (edgeValues.ValidPathInfo?.({ version: '1.16', features: [], storeDir: '/nix/store' }) ?? []).map(
      (info) => ({ info, provenance: '' }),
    ),
}

/** The edge cases of a grammar in a protocol, for a loop over grammars. */
export const edgesOf = (name: GrammarName, given: Partial<Protocol>): ReadonlyArray<unknown> =>
  (edgeValues[name] ?? conversationEdges[name] ?? archiveEdges[name])?.(nixProtocol(given)) ?? []
