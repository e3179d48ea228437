import type { AnyGrammar } from '../node.js'
import { grammarFor, registered } from '../node.js'
import { type Protocol, protocol } from '../protocol.js'

/**
 * The same grammar with what holds for the protocol where nothing else is given: a version, features, a store directory, or
 * some of these. Without it, a grammar that asks for one of them must be given it.
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
 * They hold for a grammar around this one too: all that is read by one codec is read under one protocol. Where grammars with
 * other defaults stand side by side, the protocol must be given, or defaults for all of them.
 *
 * @throws RangeError or TypeError for parts that no protocol can have.
 */
export const defaults = <G extends AnyGrammar>(usual: Partial<Protocol>, grammar: G): G => {
  const { node } = grammarFor('defaults', grammar)
  return registered({ ...grammar, node: { ...node, defaults: { ...node.defaults, ...protocol(usual) } } })
}
