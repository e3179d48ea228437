import { none, type Option } from 'fp-ts/lib/Option.js'
import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { optionalByTag } from '../combinators/structures/optional.js'
import { struct } from '../combinators/structures/struct.js'
import { since } from '../types/nix-gates.js'
import { type BuiltOutputs, outputsByHash, outputsByName } from './built-outputs.js'
import { DerivedPath } from './derived-path.js'
import { BuildStatus, DeterminateBuildStatus } from './enums.js'
import { realisationWithPath } from './features.js'
import { byProtocol, versioned } from './gated.js'
import { Bool64, Int, Int64, Time, UInt8 } from './integers.js'
import { Text } from './strings.js'

/**
 * An optional duration in microseconds: 0, or 1 and the duration.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { OptMicroseconds } from 'nix-wire/grammar'
 *
 * compile(OptMicroseconds).decode(bytesOf('0100000000000000 0065cd1d00000000'))
 * // => { _tag: 'Right', right: { _tag: 'Some', value: 500000000n } }
 * ```
 *
 * Versions: 1.37 and above (BuildResult). Issues: `UnexpectedEnd`, `OutOfRange`, `UnknownTag`. Source: serialization,
 * OptMicroseconds, which says seconds.
 */
export const OptMicroseconds: Grammar<Option<bigint>> = summarised(
  'a duration in microseconds, if it is known',
  named('OptMicroseconds', optionalByTag(UInt8, Int64)),
)

const fields = {
  errorMsg: Text,
  timesBuilt: versioned(since('1.29'), Int, 0),
  isNonDeterministic: versioned(since('1.29'), Bool64, false),
  startTime: versioned(since('1.29'), Time, 0n),
  stopTime: versioned(since('1.29'), Time, 0n),
  cpuUser: versioned(since('1.37'), OptMicroseconds, none),
  cpuSystem: versioned(since('1.37'), OptMicroseconds, none),
  builtOutputs: byProtocol<BuiltOutputs>(
    [
      [realisationWithPath, outputsByName('feature realisation-with-path-not-hash')],
      [since('1.28'), outputsByHash('no feature realisation-with-path-not-hash')],
    ],
    new Map(),
  ),
} as const

const BuildResult_ = struct('BuildResult', { status: BuildStatus, ...fields })

/**
 * The result of a build: its status, times and outputs. `startTime` and `stopTime` are in seconds, `cpuUser` and
 * `cpuSystem` in microseconds.
 *
 * The outputs have three forms: none below 1.28; a map of DrvOutput to the JSON of a realisation; with the feature
 * `realisation-with-path-not-hash` a map of output name to a record. They come last, after the fields that 1.29 and
 * 1.37 added. Without the feature Nix 2.35 and above writes a zero hash in the key and only `id` and `outPath` in the
 * JSON; key and text are kept as they came.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { BuildResult } from 'nix-wire/grammar'
 * import { option as O } from 'fp-ts'
 *
 * compile(BuildResult, { version: '1.27' }).decode(bytesOf('0900000000000000 0200000000000000 6e6f000000000000'))
 * // => {
 * //   _tag: 'Right',
 * //   right: {
 * //     status: 'MiscFailure', errorMsg: 'no', timesBuilt: 0, isNonDeterministic: false,
 * //     startTime: 0n, stopTime: 0n, cpuUser: O.none, cpuSystem: O.none, builtOutputs: new Map(),
 * //   },
 * // }
 * ```
 *
 * Issues: those of its fields; encoding: `Unrepresentable` for a field that the protocol does not send and that
 * differs from its default, and for outputs in the form of another protocol. Source: serialization, BuildResult,
 * which has one form of the outputs.
 */
export const BuildResult: Grammar<BuildResult> = summarised('the result of a build', BuildResult_)
export interface BuildResult extends TypeOf<typeof BuildResult_> {}

const KeyedBuildResult_ = struct('KeyedBuildResult', { path: DerivedPath, result: BuildResult })

/**
 * A {@link BuildResult} together with the path that was requested.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { KeyedBuildResult } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   2f00000000000000 2f6e69782f73746f 72652f6731773768 7933716731773768
 *   7933716731773768 7933716731773768 7933712d666f6f00 0900000000000000
 *   0200000000000000 6e6f000000000000`)
 * const read = compile(KeyedBuildResult, { version: '1.27' }).decode(wire)
 * read._tag === 'Right' && [read.right.path, read.right.result.status]
 * // => [{ _tag: 'Opaque', path: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' }, 'MiscFailure']
 * ```
 *
 * Versions: 1.34 and above (BuildPathsWithResults). Issues: those of its fields. Source: serialization,
 * KeyedBuildResult.
 */
export const KeyedBuildResult: Grammar<KeyedBuildResult> = summarised(
  'a requested path, and the result of its build',
  KeyedBuildResult_,
)
export interface KeyedBuildResult extends TypeOf<typeof KeyedBuildResult_> {}

const DeterminateBuildResult_ = struct('DeterminateBuildResult', {
  status: DeterminateBuildStatus,
  ...fields,
})

/** @internal A {@link BuildResult} with the statuses of Determinate Nix. */
export const DeterminateBuildResult: Grammar<DeterminateBuildResult> = summarised(
  'the result of a build of Determinate Nix',
  DeterminateBuildResult_,
)
export interface DeterminateBuildResult extends TypeOf<typeof DeterminateBuildResult_> {}

const DeterminateKeyedBuildResult_ = struct('DeterminateKeyedBuildResult', {
  path: DerivedPath,
  result: DeterminateBuildResult,
})

/** @internal A {@link KeyedBuildResult} with the statuses of Determinate Nix. */
export const DeterminateKeyedBuildResult: Grammar<DeterminateKeyedBuildResult> = summarised(
  'a requested path, and the result of its build by Determinate Nix',
  DeterminateKeyedBuildResult_,
)
export interface DeterminateKeyedBuildResult extends TypeOf<typeof DeterminateKeyedBuildResult_> {}
