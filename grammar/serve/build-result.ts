import { type Grammar, summarised, type TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { type BuiltOutputs, outputsByHash, outputsByName } from '../built-outputs.js'
import { BuildStatus } from '../enums.js'
import { Bool64, Int, Time } from '../integers.js'
import { Text } from '../strings.js'
import { byProtocol, since, versioned } from './protocol.js'

const ServeBuildResult_ = struct('ServeBuildResult', {
  status: BuildStatus,
  errorMsg: Text,
  timesBuilt: versioned(since('2.3'), Int, 0),
  isNonDeterministic: versioned(since('2.3'), Bool64, false),
  startTime: versioned(since('2.3'), Time, 0n),
  stopTime: versioned(since('2.3'), Time, 0n),
  builtOutputs: byProtocol<BuiltOutputs>(
    [
      [since('2.8'), outputsByName('serve protocol 2.8')],
      [since('2.6'), outputsByHash('serve protocol 2.6 and 2.7')],
    ],
    new Map(),
  ),
})

/**
 * The result of a build; times are in seconds. It is like the `BuildResult` of the worker protocol, but with other
 * versions and without the processor times.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ServeBuildResult } from 'nix-wire/serve'
 *
 * const result = compile(ServeBuildResult, { version: '2.2' }).decode(bytesOf('0900000000000000 0200000000000000 6e6f000000000000'))
 * result._tag === 'Right' && [result.right.status, result.right.errorMsg] // => ['MiscFailure', 'no']
 * ```
 *
 * Versions: all; times and repeats since 2.3, the outputs since 2.6, by name since 2.8. Issues: those of its fields;
 * encoding: `Unrepresentable` for a field that the version does not have, and for outputs in the form of another
 * version. Source: the reference implementation.
 */
export const ServeBuildResult: Grammar<ServeBuildResult> = summarised(
  'the result of a build',
  ServeBuildResult_,
)
export interface ServeBuildResult extends TypeOf<typeof ServeBuildResult_> {}
