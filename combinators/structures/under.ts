import { expectGrammar, expectNames } from '../expect.js'
import type { Grammar } from '../node.js'
import { type Agreed, protocol } from '../protocol.js'
import { resolvedWhileBuilt } from '../resolved.js'

/** The parts of the protocol that {@link under} fixes. The store directory stays that of the codec. */
export type Fixation = Agreed

/**
 * The grammar under a fixed version and fixed features, whatever the peers agreed on. All its gates are decided now.
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
 * Text formats that depend on the version or on features see the fixed ones. Issues: those of the grammar.
 *
 * @throws RangeError for a malformed version.
 */
export const under = <A>(fixed: Fixation, grammar: Grammar<A>): Grammar<A> => {
  expectNames('what under fixes', fixed, 'part', ['version', 'features'])
  expectGrammar('the grammar of under', grammar)
  return resolvedWhileBuilt(grammar, protocol({ version: fixed.version, features: fixed.features }))
}
