import { type Grammar, summarised, type TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { Bool, Int } from '../integers.js'
import { UInt64 } from '../primitives.js'
import { since, versioned } from './protocol.js'

const ServeBuildOptions_ = struct('ServeBuildOptions', {
  maxSilentTime: Int,
  buildTimeout: Int,
  maxLogSize: versioned(since('2.2'), UInt64, 0n),
  nrRepeats: versioned(since('2.3'), Int, 0),
  enforceDeterminism: versioned(since('2.3'), Bool, false),
  keepFailed: versioned(since('2.7'), Bool, false),
})

/**
 * The options of a build. Times are in seconds, the size of a log is in bytes; 0 is no limit. Newer releases reject
 * repeats.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ServeBuildOptions } from 'nix-wire/serve'
 *
 * const once = { maxLogSize: 0n, nrRepeats: 0, enforceDeterminism: false, keepFailed: false }
 * compile(ServeBuildOptions, { version: '2.1' }).decode(bytesOf('0500000000000000 0600000000000000'))
 * // => { _tag: 'Right', right: { maxSilentTime: 5, buildTimeout: 6, ...once } }
 * ```
 *
 * Versions: all; `maxLogSize` since 2.2, the two after it since 2.3, `keepFailed` since 2.7. Issues: those of its
 * fields; encoding: `Unrepresentable` for a field that the version does not have. Source: the reference
 * implementation.
 */
export const ServeBuildOptions: Grammar<ServeBuildOptions> = summarised(
  'the options of a build',
  ServeBuildOptions_,
)
export interface ServeBuildOptions extends TypeOf<typeof ServeBuildOptions_> {}
