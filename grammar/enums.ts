import type { Option } from 'fp-ts/lib/Option.js'
import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { enumOf, openEnumOf } from '../combinators/structures/choice.js'
import { optionalEnumOf } from '../combinators/structures/optional.js'
import { Int, UInt8 } from './integers.js'

/**
 * How a dump becomes a store object: as one file, or as a NAR (AddToStore below 1.25).
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { FileIngestionMethod } from 'nix-wire/grammar'
 *
 * compile(FileIngestionMethod).decode(bytesOf('0100000000000000')) // => { _tag: 'Right', right: 'NixArchive' }
 * ```
 *
 * Issues: `UnexpectedEnd`, `OutOfRange`, `UnknownTag`. Source: serialization, FileIngestionMethod.
 */
export const FileIngestionMethod = summarised(
  'whether a dump is one file or a NAR',
  named('FileIngestionMethod', enumOf(UInt8, { Flat: 0, NixArchive: 1 })),
)
export type FileIngestionMethod = TypeOf<typeof FileIngestionMethod>

/**
 * The purpose of a build: to build, to repair, or to check.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { BuildMode } from 'nix-wire/grammar'
 *
 * compile(BuildMode).decode(bytesOf('0200000000000000')) // => { _tag: 'Right', right: 'Check' }
 * ```
 *
 * Versions: 1.15 and above. Issues: `UnexpectedEnd`, `OutOfRange`, `UnknownTag`. Source: serialization, BuildMode,
 * which calls it an Int; the reference implementation reads at most 255.
 */
export const BuildMode = summarised(
  'whether to build, to repair or to check',
  named('BuildMode', enumOf(UInt8, { Normal: 0, Repair: 1, Check: 2 })),
)
export type BuildMode = TypeOf<typeof BuildMode>

/**
 * The importance of a message. Other numbers are kept, since the reference implementation does not check the number.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Verbosity } from 'nix-wire/grammar'
 *
 * compile(Verbosity).decode(bytesOf('0300000000000000')) // => { _tag: 'Right', right: 'Info' }
 * compile(Verbosity).decode(bytesOf('2a00000000000000')) // => { _tag: 'Right', right: 42 }
 * ```
 *
 * Issues: `UnexpectedEnd`, `OutOfRange`. Source: serialization, Verbosity.
 */
export const Verbosity = summarised(
  'the importance of a message',
  named(
    'Verbosity',
    openEnumOf(Int, {
      Error: 0,
      Warn: 1,
      Notice: 2,
      Info: 3,
      Talkative: 4,
      Chatty: 5,
      Debug: 6,
      Vomit: 7,
    }),
  ),
)
export type Verbosity = TypeOf<typeof Verbosity>

/**
 * The action of a garbage collection.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { GCAction } from 'nix-wire/grammar'
 *
 * compile(GCAction).decode(bytesOf('0300000000000000')) // => { _tag: 'Right', right: 'DeleteSpecific' }
 * ```
 *
 * Issues: `UnexpectedEnd`, `OutOfRange`, `UnknownTag`. Source: serialization, GCAction.
 */
export const GCAction = summarised(
  'the action of a garbage collection',
  named('GCAction', enumOf(Int, { ReturnLive: 0, ReturnDead: 1, DeleteDead: 2, DeleteSpecific: 3 })),
)
export type GCAction = TypeOf<typeof GCAction>

/** @internal */
export const buildStatuses = {
  Built: 0,
  Substituted: 1,
  AlreadyValid: 2,
  PermanentFailure: 3,
  InputRejected: 4,
  OutputRejected: 5,
  TransientFailure: 6,
  CachedFailure: 7,
  TimedOut: 8,
  MiscFailure: 9,
  DependencyFailed: 10,
  LogLimitExceeded: 11,
  NotDeterministic: 12,
  ResolvesToAlreadyValid: 13,
  NoSubstituters: 14,
} as const

/**
 * The status of a build. Built, Substituted, AlreadyValid and ResolvesToAlreadyValid are successes.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { BuildStatus } from 'nix-wire/grammar'
 *
 * compile(BuildStatus).decode(bytesOf('0c00000000000000')) // => { _tag: 'Right', right: 'NotDeterministic' }
 * ```
 *
 * Issues: `UnexpectedEnd`, `OutOfRange`, `UnknownTag`. Source: serialization, BuildStatus, which calls it an Int; the
 * reference implementation reads at most 255.
 */
export const BuildStatus = summarised(
  'the status of a build',
  named('BuildStatus', enumOf(UInt8, buildStatuses)),
)
export type BuildStatus = TypeOf<typeof BuildStatus>

/**
 * @internal How a build of Determinate Nix ended: two more than {@link BuildStatus} has, in every version and without
 * a feature. Closed like that one. Its daemon writes OutputRejected where a hash differs, and reads HashMismatch.
 */
export const DeterminateBuildStatus = summarised(
  'the status of a build of Determinate Nix',
  named('DeterminateBuildStatus', enumOf(UInt8, { ...buildStatuses, HashMismatch: 15, Cancelled: 16 })),
)
// Written out, since the published types leave out the internal grammar that `typeof` would need.
export type DeterminateBuildStatus = BuildStatus | 'HashMismatch' | 'Cancelled'

/**
 * The type of an activity in the log. Other numbers, of newer daemons, are kept.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ActivityType } from 'nix-wire/grammar'
 *
 * compile(ActivityType).decode(bytesOf('6900000000000000')) // => { _tag: 'Right', right: 'Build' }
 * ```
 *
 * Versions: 1.20 and above. Issues: `UnexpectedEnd`, `OutOfRange`. Source: serialization, ActivityType, which has no
 * FetchToStore (113, Nix 2.36).
 */
export const ActivityType = summarised(
  'the type of an activity',
  named(
    'ActivityType',
    openEnumOf(Int, {
      Unknown: 0,
      CopyPath: 100,
      FileTransfer: 101,
      Realise: 102,
      CopyPaths: 103,
      Builds: 104,
      Build: 105,
      OptimiseStore: 106,
      VerifyPaths: 107,
      Substitute: 108,
      QueryPathInfo: 109,
      PostBuildHook: 110,
      BuildWaiting: 111,
      FetchTree: 112,
      FetchToStore: 113,
    }),
  ),
)
export type ActivityType = TypeOf<typeof ActivityType>

const resultTypes = {
  FileLinked: 100,
  BuildLogLine: 101,
  UntrustedPath: 102,
  CorruptedPath: 103,
  SetPhase: 104,
  Progress: 105,
  SetExpected: 106,
  PostBuildLogLine: 107,
  FetchStatus: 108,
} as const

/**
 * The type of a result of an activity. Other numbers, of newer daemons, are kept.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ResultType } from 'nix-wire/grammar'
 *
 * compile(ResultType).decode(bytesOf('6500000000000000')) // => { _tag: 'Right', right: 'BuildLogLine' }
 * ```
 *
 * If both sides are Determinate Nix, 109 is HashMismatch and 110 is BuildResult. Versions: 1.20 and above. Issues:
 * `UnexpectedEnd`, `OutOfRange`. Source: serialization, ResultType, which has no FetchToStore (109, Nix 2.36).
 */
export const ResultType = summarised(
  'the type of a result of an activity',
  named('ResultType', openEnumOf(Int, { ...resultTypes, FetchToStore: 109 })),
)
export type ResultType = TypeOf<typeof ResultType>

/**
 * @internal The type of a result between two sides of Determinate Nix: 109 differs from {@link ResultType}.
 */
export const DeterminateResultType = summarised(
  'the type of a result of an activity of Determinate Nix',
  named('DeterminateResultType', openEnumOf(Int, { ...resultTypes, HashMismatch: 109, BuildResult: 110 })),
)
export type DeterminateResultType = Exclude<ResultType, 'FetchToStore'> | 'HashMismatch' | 'BuildResult'

/**
 * The type of a field in a log message. It is the tag of {@link Field}.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { FieldType } from 'nix-wire/grammar'
 *
 * compile(FieldType).decode(bytesOf('0100000000000000')) // => { _tag: 'Right', right: 'String' }
 * ```
 *
 * Issues: `UnexpectedEnd`, `OutOfRange`, `UnknownTag`. Source: serialization, FieldType.
 */
export const FieldType = summarised(
  'whether a field is a number or a text',
  named('FieldType', enumOf(Int, { Int: 0, String: 1 })),
)
export type FieldType = TypeOf<typeof FieldType>

/**
 * Whether the daemon trusts its client, if it says so. It is one integer: 0 for unknown, 1 for Trusted, 2 for
 * NotTrusted.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { OptTrusted } from 'nix-wire/grammar'
 *
 * compile(OptTrusted).decode(bytesOf('0100000000000000')) // => { _tag: 'Right', right: { _tag: 'Some', value: 'Trusted' } }
 * ```
 *
 * Versions: 1.35 and above. Issues: `UnexpectedEnd`, `OutOfRange`, `UnknownTag`. Source: serialization, OptTrusted.
 */
export const OptTrusted: Grammar<OptTrusted> = summarised(
  'whether the daemon trusts its client, if it says so',
  named('OptTrusted', optionalEnumOf(UInt8, 0, { Trusted: 1, NotTrusted: 2 })),
)
export type OptTrusted = Option<'Trusted' | 'NotTrusted'>
