import type { ProtocolVersion } from '../../../combinators/version.js'
import type { BasicDerivation } from '../../../grammar/index.js'
import type { DerivedPath, OutputName, StorePath } from '../../../types/index.js'
import { lines, type Scene } from './scene.js'

/** A derivation, as the real commands made it and show it. */
export interface Derivation {
  readonly path: StorePath
  readonly shown: ShownDerivation
}

/** Derivations that one protocol version builds, each its own. */
export type Derivations = { readonly [K in (typeof kinds)[number]]: Derivation }

const kinds = ['plain', 'failing', 'chatty', 'many', 'sent', 'floating'] as const

const expression = (versions: ReadonlyArray<ProtocolVersion>): string => `
  let
    make = version: kind: script: more: derivation ({
      name = "\${kind}-\${version}";
      system = builtins.currentSystem;
      builder = "/bin/sh";
      args = [ "-c" script ];
    } // more);
    of = version: [
      (make version "plain" "echo plain > $out" { })
      (make version "failing" "echo this goes wrong >&2; exit 3" { })
      (make version "chatty" "echo one >&2; echo two >&2; echo done > $out" { })
      (make version "many" "echo out > $out; echo dev > $dev" { outputs = [ "out" "dev" ]; })
      (make version "sent" "echo sent > $out" { })
      (make version "floating" "echo floating \${version} > $out" {
        __contentAddressed = true;
        outputHashMode = "recursive";
        outputHashAlgo = "sha256";
      })
    ];
  in builtins.concatLists (map of [ ${versions.map((version) => `"${version}"`).join(' ')} ])`

interface ShownDerivation {
  /** Where the path is known before it is built. */
  readonly outputs: { readonly [name: string]: { readonly path?: StorePath } }
  readonly inputSrcs: ReadonlyArray<StorePath>
  readonly system?: string
  readonly platform?: string
  readonly builder: string
  readonly args: ReadonlyArray<string>
  readonly env: { readonly [name: string]: string }
}

/** One evaluation for all versions. */
export const derivationsFor = async (
  scene: Scene,
  versions: ReadonlyArray<ProtocolVersion>,
): Promise<ReadonlyMap<ProtocolVersion, Derivations>> => {
  const paths = lines(await scene.nix('nix-instantiate', '--expr', expression(versions)))
  const all = shownBy(scene, JSON.parse(await scene.nix('nix', 'show-derivation', ...paths)))
  return new Map(
    versions.map((version, i) => {
      const own = paths.slice(i * kinds.length, (i + 1) * kinds.length)
      const named: unknown = Object.fromEntries(
        kinds.map((kind, j) => [kind, { path: own[j], shown: all[own[j]!] }]),
      )
      return [version, named as Derivations]
    }),
  )
}

type Shown = { readonly [path: string]: ShownDerivation }

/** As Nix shows derivations since 2.33: base names everywhere. */
interface ShownByBaseName {
  readonly derivations: {
    readonly [base: string]: Omit<ShownDerivation, 'inputSrcs'> & {
      readonly inputs: { readonly srcs: ReadonlyArray<string> }
    }
  }
}

const shownBy = ({ daemon }: Scene, printed: Shown | ShownByBaseName): Shown => {
  if (!isByBaseName(printed)) {
    return printed
  }
  const full = (base: string): StorePath => `${daemon.storeDir}/${base}` as string as StorePath
  return Object.fromEntries(
    Object.entries(printed.derivations).map(([base, { inputs, outputs, ...shown }]) => [
      full(base),
      {
        ...shown,
        inputSrcs: inputs.srcs.map(full),
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, { path }]) => [
            name,
            path === undefined ? {} : { path: full(path) },
          ]),
        ),
      },
    ]),
  )
}

const isByBaseName = (printed: Shown | ShownByBaseName): printed is ShownByBaseName =>
  'derivations' in printed

/** The paths of the outputs, by their names. */
export const outputsOf = ({ shown }: Derivation): ReadonlyMap<OutputName, StorePath> =>
  new Map(
    Object.entries(shown.outputs).flatMap(([name, { path }]) =>
      path === undefined ? [] : [[name as OutputName, path] as const],
    ),
  )

/** A derivation as BuildDerivation sends it. */
export const basicDerivation = (derivation: Derivation): BasicDerivation => {
  const { shown } = derivation
  return {
    outputs: new Map(
      [...outputsOf(derivation)].map(([name, path]) => [name, { _tag: 'InputAddressed', path }]),
    ),
    inputSrcs: shown.inputSrcs,
    platform: shown.system ?? shown.platform ?? '',
    builder: shown.builder,
    args: shown.args,
    env: new Map(Object.entries(shown.env)),
  }
}

/** Outputs of a derivation, as they are asked for: all, or those named. */
export const built = ({ path }: Derivation, ...names: ReadonlyArray<string>): DerivedPath => ({
  _tag: 'Built',
  drvPath: { _tag: 'Opaque', path },
  outputs:
    names.length === 0 ? { _tag: 'All' } : { _tag: 'Names', names: names as ReadonlyArray<OutputName> },
})
