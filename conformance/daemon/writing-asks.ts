import { isNone, isSome, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import { holds, since } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import type {
  Base16Digest,
  BaseStorePath,
  DerivedPath,
  DrvOutput,
  OutputName,
  Signature,
} from '../../types/index.js'
import { type Ask, ask, either } from './ask.js'
import { type Added, type Facts, fileNar } from './facts.js'
import { exportOf, freshPath, manyPaths } from './samples.js'

/** Requests that change the store. */
export const writingAsks = (facts: Facts, added: Added, agreed: Protocol): ReadonlyArray<Ask> => {
  const { leaf, branch, drv, out } = added
  const { storeDir } = facts
  const isNew = holds(since('1.25'), agreed)
  // Each version adds a path that no other version adds.
  const fresh = (what: string) => freshPath(facts, `nix-wire-${what}-${agreed.version}`)
  const file = new TextEncoder().encode(`a file at ${agreed.version}\n`)
  const nar = fresh('added')
  const sent = fresh('sent')
  const imported = fresh('imported')
  const known = { size: (wanted: number) => (_: unknown, flowed: number | null) => sizeOf(wanted, flowed) }
  return [
    ask(
      'QueryReferrers',
      'write',
      { path: leaf.path },
      {
        title: 'of a path that has some',
        is: (found) => found.includes(branch.path),
      },
    ),
    ask(
      'QueryPathInfo',
      'write',
      { path: branch.path },
      {
        title: 'of a path that is known',
        is: (info) =>
          isSome(info) &&
          info.value.narHash === branch.narHash &&
          info.value.narSize === BigInt(branch.nar.length) &&
          equalValues(info.value.references, [leaf.path]),
      },
    ),
    ask(
      'NarFromPath',
      'write',
      { path: branch.path },
      {
        title: 'of a path that is known',
        checks: known.size(branch.nar.length),
      },
    ),
    ask('QueryDerivationOutputs', 'write', { path: drv }, { is: (found) => equalValues(found, [out]) }),
    ask('QueryDerivationOutputNames', 'write', { path: drv }, { is: (found) => equalValues(found, ['out']) }),
    ask(
      'QueryDerivationOutputMap',
      'write',
      { path: drv },
      {
        is: (found) => equalValues(found, new Map([['out', some(out)]])),
      },
    ),
    ask(
      'QueryRealisation',
      'write',
      { output: outputId(added, agreed) },
      {
        is: isNone,
        allows: either,
      },
    ),
    ask('AddTextToStore', 'write', {
      name: `nix-wire-text-${agreed.version}`,
      text: 'a text',
      references: [leaf.path],
    }),
    ask(
      'AddToStore',
      'write',
      {
        name: `nix-wire-added-${agreed.version}`,
        method: { _tag: 'NixArchive', algorithm: 'sha256' },
        references: [],
        repair: false,
      },
      { upload: { content: nar.nar }, is: ({ path }) => path === nar.info.path },
    ),
    ask(
      'AddToStore',
      'write',
      {
        name: `nix-wire-flat-${agreed.version}`,
        method: { _tag: 'Flat', algorithm: 'sha256' },
        references: [],
        repair: false,
      },
      { title: 'of a file', upload: { content: isNew ? file : fileNar(file) } },
    ),
    ask(
      'AddToStoreNar',
      'write',
      { info: sent.info, repair: false, dontCheckSigs: true },
      { upload: { content: sent.nar } },
    ),
    ask(
      'AddMultipleToStore',
      'write',
      { repair: false, dontCheckSigs: true },
      {
        upload: { content: manyPaths(facts, [fresh('one'), fresh('two')]) },
      },
    ),
    ask(
      'ImportPaths',
      'write',
      {},
      {
        upload: { content: exportOf(facts, imported) },
        is: (paths) => equalValues(paths, [imported.info.path]),
      },
    ),
    ask('AddTempRoot', 'write', { path: leaf.path }),
    ask('EnsurePath', 'write', { path: leaf.path }),
    ask('AddSignatures', 'write', {
      path: leaf.path,
      signatures: [`nix-wire-1:${'A'.repeat(86)}==` as Signature],
    }),
    ask('CollectGarbage', 'write', {
      action: 'ReturnLive',
      paths: { _tag: 'WholeStore' },
      ignoreLiveness: false,
      maxFreed: 0n,
    }),
    ask(
      'CollectGarbage',
      'write',
      {
        action: 'ReturnDead',
        paths: { _tag: 'WholeStore' },
        ignoreLiveness: false,
        maxFreed: 2n ** 64n - 1n,
      },
      { title: 'of what is dead' },
    ),
    ask('OptimiseStore', 'write', {}),
    ask('VerifyStore', 'write', { checkContents: false, repair: false }, { is: (reply) => !reply }),
    ask(
      'AddBuildLog',
      'write',
      { drvPath: drv.slice(storeDir.length + 1) as BaseStorePath },
      {
        upload: { content: new TextEncoder().encode('a log\n') },
      },
    ),
    ask('ClearFailedPaths', 'write', { paths: [] }),
  ]
}

/** The id of an output that is not registered. */
const outputId = ({ drv }: Added, { features }: Protocol): DrvOutput =>
  features.includes('realisation-with-path-not-hash')
    ? { _tag: 'Path', drvPath: drv, outputName: 'out' as OutputName }
    : {
        _tag: 'Hash',
        algorithm: 'sha256',
        digest: '0'.repeat(64) as Base16Digest,
        outputName: 'out' as OutputName,
      }

const sizeOf = (wanted: number, flowed: number | null): string | null =>
  flowed === wanted ? null : `an archive of ${flowed ?? 0} bytes instead of ${wanted}`

export const buildingAsks = ({ drv, basic }: Added): ReadonlyArray<Ask> => {
  // Below 1.30 the path of a derivation stands for all of its outputs.
  const target: DerivedPath = {
    _tag: 'Built',
    drvPath: { _tag: 'Opaque', path: drv },
    outputs: { _tag: 'All' },
  }
  return [
    ask('BuildPaths', 'build', { paths: [target], mode: 'Normal' }),
    ask(
      'BuildPathsWithResults',
      'build',
      { paths: [target], mode: 'Normal' },
      {
        is: (results) => results.length === 1 && isBuilt(results[0]?.result.status),
      },
    ),
    ask(
      'BuildDerivation',
      'build',
      { drvPath: drv, drv: basic, mode: 'Normal' },
      { is: ({ status }) => isBuilt(status) },
    ),
  ]
}

const isBuilt = (status: unknown): boolean =>
  status === 'Built' || status === 'AlreadyValid' || status === 'ResolvesToAlreadyValid'
