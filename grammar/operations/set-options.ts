import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, named, summarised, type TypeOf } from '../../combinators/node.js'
import { literal } from '../../combinators/primitives/fixed.js'
import { imap } from '../../combinators/structures/imap.js'
import { mapOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { Verbosity } from '../enums.js'
import { versioned } from '../gated.js'
import { Bool, Int } from '../integers.js'
import { Text } from '../strings.js'
import { Nothing, operation } from './operation.js'

/** The level at which build output is shown: that of errors, which is always shown, or that of the most detail. */
const VerboseBuild: Grammar<boolean> = summarised(
  'true is 0; false is any other number, written as 7',
  named(
    'VerboseBuild',
    imap(
      Int,
      (level): Either<string, boolean> => right(level === 0),
      (verbose) => (typeof verbose === 'boolean' ? right(verbose ? 0 : 7) : left('true or false')),
    ),
  ),
)

const Request = struct('SetOptionsRequest', {
  keepFailed: Bool,
  keepGoing: Bool,
  tryFallback: Bool,
  verbosity: Verbosity,
  maxBuildJobs: Int,
  maxSilentTime: Int,
  useBuildHook: literal(versioned(since('1.2'), Bool, true), true, { ignored: true }),
  verboseBuild: versioned(since('1.4'), VerboseBuild, true),
  logType: literal(versioned(since('1.4'), Int, 0), 0, { ignored: true }),
  printBuildTrace: literal(versioned(since('1.4'), Int, 0), 0, { ignored: true }),
  buildCores: versioned(since('1.6'), Int, 0),
  useSubstitutes: versioned(since('1.10'), Bool, true),
  overrides: versioned(since('1.12'), mapOf(Text, Text, { count: Int, duplicates: 'first' }), new Map()),
})

/** The request of SetOptions. */
export interface SetOptionsRequest extends TypeOf<typeof Request> {}

const request: Grammar<SetOptionsRequest> = Request

/**
 * Sets how the daemon is to work for this connection. Clients send it once, behind the handshake, though they may
 * at any time; it is the one request without a reply that has no stream either.
 *
 * `maxSilentTime` is in seconds; of `maxBuildJobs`, `maxSilentTime` and `buildCores` 0 stands for no limit (or
 * all cores). `verboseBuild` is a level on the wire: 0 is true, and everything else false (written as 7).
 * `overrides` are settings by their names, counted below 2^32; of two with one name the first counts.
 * `useBuildHook`, `logType` and `printBuildTrace` are written as 1, 0 and 0, and ignored.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { operations } from 'nix-wire/grammar'
 *
 * const codec = compile(operations.SetOptions.request, { version: '1.11' })
 * codec.decode(bytesOf(`
 *   0000000000000000 0000000000000000 0000000000000000 0300000000000000 0200000000000000 0000000000000000
 *   0100000000000000 0700000000000000 0000000000000000 0000000000000000 0000000000000000 0100000000000000`))
 * // => {
 * //   _tag: 'Right',
 * //   right: {
 * //     keepFailed: false, keepGoing: false, tryFallback: false, verbosity: 'Info', maxBuildJobs: 2,
 * //     maxSilentTime: 0, verboseBuild: false, buildCores: 0, useSubstitutes: true, overrides: new Map(),
 * //   },
 * // }
 * ```
 *
 * Versions: all; `overrides` since 1.12. Source: operations, SetOptions, which has `maxSilentTime` as a time and
 * `verboseBuild` the other way round.
 */
export const SetOptions = operation({
  id: 19,
  name: 'SetOptions',
  summary: 'sets the options of this connection',
  since: '1.2',
  request,
  reply: Nothing,
  connection: 'each',
  trust: 'restricted',
  note: 'Most overrides of untrusted clients are ignored.',
})
