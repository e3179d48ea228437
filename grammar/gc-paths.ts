import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { setOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { tagged } from '../combinators/structures/tagged.js'
import { Bool64, UInt8 } from './integers.js'
import { StorePath } from './store-paths.js'

const specificPaths = { paths: setOf(StorePath), deleteReferrers: Bool64 }
const SpecificPaths_ = struct('SpecificPaths', specificPaths)

/**
 * The paths that a garbage collection may delete, and whether it may also delete their referrers.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { SpecificPaths } from 'nix-wire/grammar'
 *
 * compile(SpecificPaths).decode(bytesOf('0000000000000000 0100000000000000'))
 * // => { _tag: 'Right', right: { paths: [], deleteReferrers: true } }
 * ```
 *
 * Versions: with the feature `delete-dead-specific-referrers`. Issues: those of its fields. Source: the reference
 * implementation.
 */
export const SpecificPaths: Grammar<SpecificPaths> = summarised(
  'the paths that a garbage collection may delete',
  SpecificPaths_,
)
export interface SpecificPaths extends TypeOf<typeof SpecificPaths_> {}

/**
 * What a garbage collection may delete: some paths, or anything in the store.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { GCPaths } from 'nix-wire/grammar'
 *
 * compile(GCPaths).decode(bytesOf('0100000000000000')) // => { _tag: 'Right', right: { _tag: 'WholeStore' } }
 * ```
 *
 * Versions: with the feature `delete-dead-specific-referrers`. Issues: `UnknownTag`, those of SpecificPaths. Source:
 * the reference implementation.
 */
export const GCPaths: Grammar<GCPaths> = summarised(
  'some paths, or the whole store',
  named('GCPaths', tagged('_tag', UInt8, { SpecificPaths: [0, specificPaths], WholeStore: [1, {}] })),
)
export type GCPaths = ({ readonly _tag: 'SpecificPaths' } & SpecificPaths) | { readonly _tag: 'WholeStore' }
