import type { AnyGrammar } from '../node.js'
import { grammarFor, registered } from '../node.js'
import { type Protocol, protocol } from '../protocol.js'

/**
 * The same grammar with a default protocol: a version, features, a store directory, or some of these. Without
 * defaults, `compile` must be given each part that the grammar depends on.
 *
 * ```ts
 * import { bool64, bytesOf, compile, defaults, since, struct, u64, versioned } from 'nix-wire'
 *
 * const Pot = struct('Pot', { cups: u64, lid: versioned(since('1.2'), bool64, false) })
 * const Usual = defaults({ version: '1.3' }, Pot)
 *
 * compile(Usual).decode(bytesOf('0700000000000000 0100000000000000'))
 * // => { _tag: 'Right', right: { cups: 7n, lid: true } }
 * compile(Usual, { version: '1.1' }).decode(bytesOf('0700000000000000'))
 * // => { _tag: 'Right', right: { cups: 7n, lid: false } }
 * ```
 *
 * The defaults apply to a grammar around this one too, since a codec reads everything under one protocol. If grammars
 * with different defaults stand side by side, give the protocol, or defaults for the grammar around them.
 *
 * @throws RangeError or TypeError for invalid parts, as {@link protocol} does.
 */
export const defaults = <G extends AnyGrammar>(usual: Partial<Protocol>, grammar: G): G => {
  const { node } = grammarFor('defaults', grammar)
  return registered({ ...grammar, node: { ...node, defaults: { ...node.defaults, ...protocol(usual) } } })
}
