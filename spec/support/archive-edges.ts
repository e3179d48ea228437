import { map, none, some } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../../combinators/index.js'
import type { NarNode } from '../../grammar/index.js'
import { baseStorePathOf } from '../../types/index.js'
import { edgeValues, storePath } from './edge-values.js'
import type { GrammarName, ValueOf } from './grammars.js'

/** Edge cases of archives and of streams of archives. */

const empty: NarNode = { type: 'directory', entries: [] }

const file = (executable: boolean, contents: ReadonlyArray<number>): NarNode => ({
  type: 'regular',
  executable,
  contents: Uint8Array.from(contents),
})

const nested = (depth: number): NarNode =>
  depth === 0 ? empty : { type: 'directory', entries: [{ name: 'd', node: nested(depth - 1) }] }

const nodes: ReadonlyArray<NarNode> = [
  empty,
  file(false, []),
  file(true, [0, 255, 0, 1, 2, 3, 4, 5, 6]),
  { type: 'symlink', target: '/' },
  { type: 'symlink', target: '\udcff' },
  {
    type: 'directory',
    entries: [
      { name: ' ', node: file(false, [1, 2, 3, 4, 5, 6, 7, 8]) },
      { name: '7', node: empty },
      { name: '__proto__', node: { type: 'symlink', target: '..' } },
      { name: 'a'.repeat(255), node: file(true, []) },
      { name: '\udcff', node: nested(2) },
    ],
  },
]

const nars: ReadonlyArray<ValueOf<'Nar'>> = nodes.map((root) => ({ root }))

const exportInfos: ReadonlyArray<ValueOf<'ExportInfo'>> = [
  { path: storePath('x'), references: [], deriver: none },
  { path: storePath('x'), references: [storePath('x'), storePath('y')], deriver: some(storePath('x.drv')) },
]

const exported: ReadonlyArray<ValueOf<'ExportPath'>> = exportInfos.flatMap((info) =>
  nars.slice(0, 3).map((nar) => ({ nar, ...info })),
)

/** These have the form of 1.16 without features, whatever was negotiated. */
const infos = (given: Protocol): ReadonlyArray<ValueOf<'AddMultipleInfo'>> =>
  edgeValues.ValidPathInfo?.({ ...given, version: '1.16', features: [] }) ?? []

const items = (given: Protocol): ReadonlyArray<ValueOf<'AddMultipleItem'>> =>
  infos(given).flatMap(({ path, info }) =>
    nars.slice(0, 2).map((nar, i) => ({ info: { path, info: { ...info, narSize: [96n, 112n][i]! } }, nar })),
  )

/** The same with base names. */
const narioInfos = (given: Protocol): ReadonlyArray<ValueOf<'NarioInfo'>> =>
  infos(given).map(({ path, info }) => ({
    path: baseStorePathOf(path),
    info: {
      ...info,
      deriver: map(baseStorePathOf)(info.deriver),
      references: info.references.map(baseStorePathOf),
    },
  }))

const narioPaths = (given: Protocol): ReadonlyArray<ValueOf<'NarioPath'>> =>
  narioInfos(given).flatMap(({ path, info }) =>
    nars.slice(0, 2).map((nar, i) => ({ info: { path, info: { ...info, narSize: [96n, 112n][i]! } }, nar })),
  )

export const archiveEdges: {
  readonly [N in GrammarName]?: (given: Protocol) => ReadonlyArray<ValueOf<N>>
} = {
  NarNode: () => nodes,
  Nar: () => nars,
  AddMultipleInfo: infos,
  AddMultipleItem: items,
  AddMultipleToStore: (given) => [[], items(given)],
  ExportInfo: () => exportInfos,
  ExportPath: () => exported,
  ImportPaths: () => [[], exported],
  NarioInfo: narioInfos,
  NarioPath: narioPaths,
  Nario: (given) => [{ paths: [] }, { paths: narioPaths(given) }],
}
