import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import type { Protocol } from '../combinators/protocol.js'
import type { BuildResult, KeyedBuildResult } from '../grammar/build-result.js'
import { type BuildStatus, buildStatuses } from '../grammar/enums.js'
import type { ServeBuildResult } from '../grammar/serve/build-result.js'
import { DerivedPathJson } from './derived-path.js'
import { isMembers, type NixJson } from './json.js'
import { object, optional, required, usually } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, count, flag, integer, natural, oneOf, oneOfAll, text, viewed } from './parts.js'
import { builtOutputs } from './realisation.js'

const successes: ReadonlySet<string> = new Set([
  'Built',
  'Substituted',
  'AlreadyValid',
  'ResolvesToAlreadyValid',
])

/** A status without a number on the wire: Nix sends OutputRejected. */
const mismatch = 'HashMismatch'

const names = Object.keys(buildStatuses) as Array<BuildStatus>

const status: Codec<BuildStatus> = viewed(
  'BuildStatus',
  oneOfAll<BuildStatus | typeof mismatch>([mismatch, ...names]),
  (name) => right(name === mismatch ? 'OutputRejected' : name),
  (name) => name,
)

const shared = {
  status: required(status),
  timesBuilt: usually(count, 0),
  startTime: usually(integer, 0n),
  stopTime: usually(integer, 0n),
  cpuUser: optional(natural),
  cpuSystem: optional(natural),
}

const success = (given: Protocol) =>
  object('BuildResult', {
    ...shared,
    success: required(oneOf(true)),
    builtOutputs: usually(builtOutputs(given), new Map()),
  })

const failure = object('BuildResult', {
  ...shared,
  success: required(oneOf(false)),
  errorMsg: usually(text, ''),
  isNonDeterministic: usually(flag, false),
})

const withoutSuccess = <A extends { readonly success: boolean }>({
  success: _,
  ...rest
}: A): Omit<A, 'success'> => rest

/** A success has outputs, a failure a message. */
const buildResult = (given: Protocol): Codec<BuildResult> => {
  const good: Codec<BuildResult> = viewed(
    'BuildResult',
    success(given),
    (result) =>
      successes.has(result.status)
        ? right({ ...withoutSuccess(result), errorMsg: '', isNonDeterministic: false })
        : left(`the status of a success, not ${result.status}`),
    ({ errorMsg: _, isNonDeterministic: __, ...result }) => ({ ...result, success: true as const }),
  )
  const bad: Codec<BuildResult> = viewed(
    'BuildResult',
    failure,
    (result) =>
      successes.has(result.status)
        ? left(`the status of a failure, not ${result.status}`)
        : right({ ...withoutSuccess(result), builtOutputs: new Map() }),
    ({ builtOutputs: _, ...result }) => ({ ...result, success: false as const }),
  )
  return codec(
    'BuildResult',
    (input, context) =>
      (isMembers(input) && Object.hasOwn(input, 'success') && input.success === false ? bad : good).validate(
        input,
        context,
      ),
    (result) => (successes.has(result.status) ? good : bad).encode(result),
  )
}

/**
 * The result of a build. The JSON of a success has its outputs, that of a failure its message. Times that a protocol
 * does not send are absent or 0. HashMismatch is read as OutputRejected, which daemons send for it.
 *
 * ```ts
 * import { BuildResultJson } from 'nix-wire/nix-json'
 *
 * const read = BuildResultJson.decode({ success: false, status: 'TimedOut', errorMsg: 'too slow' })
 * read._tag === 'Right' && [read.right.status, read.right.errorMsg, read.right.timesBuilt]
 * // => ['TimedOut', 'too slow', 0]
 * ```
 *
 * Source: Nix's schema build-result-v1. Releases up to 2.34 print outputs as realisations by hash, which are read
 * too.
 */
export const BuildResultJson: NixJsonType<BuildResult> = new NixJsonType('BuildResultJson', buildResult)

const unknown: Option<bigint> = none

/**
 * {@link BuildResultJson} for the serve protocol, which does not send processor times.
 *
 * Source: Nix's schema build-result-v1.
 */
export const ServeBuildResultJson: NixJsonType<ServeBuildResult> = new NixJsonType(
  'ServeBuildResultJson',
  (given) =>
    viewed(
      'ServeBuildResult',
      buildResult(given),
      ({ cpuUser, cpuSystem, ...result }) =>
        isSome(cpuUser) || isSome(cpuSystem)
          ? left("no processor's time, which this protocol does not send")
          : right(result),
      (result) => ({ ...result, cpuUser: unknown, cpuSystem: unknown }),
    ),
)

/**
 * A build result, with the requested path under `path`.
 *
 * Source: the reference implementation.
 */
export const KeyedBuildResultJson: NixJsonType<KeyedBuildResult> = new NixJsonType(
  'KeyedBuildResultJson',
  (given) => {
    const result = buildResult(given)
    const path = object('KeyedBuildResult', { path: required(DerivedPathJson.under(given)) })
    return codec<KeyedBuildResult>(
      'KeyedBuildResult',
      (input, context) => {
        const [asked, ended] = [path.validate(input, context), result.validate(input, context)]
        if (isLeft(asked)) return asked
        return isLeft(ended) ? ended : t.success({ path: asked.right.path, result: ended.right })
      },
      (keyed) => ({ ...members(path.encode(keyed)), ...members(result.encode(keyed.result)) }),
    )
  },
)

const members = (json: NixJson): { readonly [key: string]: NixJson } =>
  json as { readonly [key: string]: NixJson }
