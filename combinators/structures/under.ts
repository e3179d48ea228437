import { expectGrammar, expectNames } from '../expect.js'
import type { Grammar } from '../node.js'
import { type Agreed, protocol } from '../protocol.js'
import { resolvedWhileBuilt } from '../resolved.js'

/** What {@link under} may fix. The store directory is the peers' own and stays that of the codec. */
export type Fixation = Agreed

/**
 * The grammar as it is under a protocol of its own, whatever the peers agreed on: every gate in it is decided now.
 *
 * ```ts
 * import { bool64, bytesOf, compile, since, struct, u64, under, versioned } from 'nix-wire'
 *
 * const Pot = struct('Pot', { cups: u64, lid: versioned(since('1.2'), bool64, false) })
 * const Old = under({ version: '1.1', features: [] }, Pot)
 * compile(Old, { version: '1.3' }).decode(bytesOf('0700000000000000'))
 * // => { _tag: 'Right', right: { cups: 7n, lid: false } }
 * ```
 *
 * Text formats that ask for the version or for a feature are given these. Issues: those of the grammar.
 *
 * @throws RangeError for a malformed version.
 */
export const under = <A>(fixed: Fixation, grammar: Grammar<A>): Grammar<A> => {
  expectNames('what under fixes', fixed, 'part', ['version', 'features'])
  expectGrammar('the grammar of under', grammar)
  return resolvedWhileBuilt(grammar, protocol({ version: fixed.version, features: fixed.features }))
}
