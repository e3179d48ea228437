import { expectArray } from '../expect.js'
import { expectGate, type Gate, showGate } from '../gate.js'
import { expectValue, type Grammar, grammarOf, isGrammar, type Node, nodeOf } from '../node.js'

/**
 * A constant value that takes no bytes.
 *
 * ```ts
 * import { compile, pure } from 'nix-wire'
 *
 * compile(pure('tea')).decode(new Uint8Array()) // => { _tag: 'Right', right: 'tea' }
 * ```
 *
 * Encoding: `Unrepresentable` for any other value.
 */
export const pure = <A>(value: A): Grammar<A> => grammarOf<A>({ _tag: 'pure', value })

/**
 * A field that only some protocols have. If the gate does not hold, nothing is on the wire and the value is
 * `otherwise`, so that every value has every field.
 *
 * ```ts
 * import { bool64, bytesOf, compile, since, struct, u64, versioned } from 'nix-wire'
 *
 * const Pot = struct('Pot', { cups: u64, lid: versioned(since('1.2'), bool64, false) })
 * compile(Pot, { version: '1.1' }).decode(bytesOf('0700000000000000'))
 * // => { _tag: 'Right', right: { cups: 7n, lid: false } }
 * ```
 *
 * The caller of `compile` gives the version, unless {@link defaults} does.
 *
 * Encoding: if the gate does not hold, `Unrepresentable` for any value but `otherwise`, since it would be lost.
 */
export const versioned = <A>(gate: Gate, grammar: Grammar<A>, otherwise: NoInfer<A>): Grammar<A> =>
  byProtocol([[gate, grammar]], otherwise)

/**
 * One value with several wire forms: the first whose gate holds is used. If none holds, `otherwise` is used: another
 * grammar, or a constant value that takes no bytes.
 *
 * ```ts
 * import { byProtocol, bytesOf, compile, feature, imap, u32, u64 } from 'nix-wire'
 * import { either as E } from 'fp-ts'
 *
 * const Wide = imap(u64, (n) => E.right(Number(n)), (n) => E.right(BigInt(n)))
 * const Count = byProtocol([[feature('wide'), Wide]], u32)
 * compile(Count, { features: ['wide'] }).decode(bytesOf('0000000001000000')) // => { _tag: 'Right', right: 4294967296 }
 * compile(Count, { features: [] }).decode(bytesOf('0000000001000000'))._tag // => 'Left'
 * ```
 */
export const byProtocol = <A>(
  arms: ReadonlyArray<readonly [Gate, Grammar<A>]>,
  otherwise: Grammar<NoInfer<A>> | NoInfer<A>,
): Grammar<A> => {
  expectArray('the arms of byProtocol', arms)
  const made = arms.map((arm, index) => {
    expectArray(`arm ${index} of byProtocol`, arm)
    const [gate, grammar] = arm
    expectGate(gate)
    return { gate, node: nodeOf(`what follows the gate ${showGate(gate)}`, grammar) }
  })
  return grammarOf<A>({ _tag: 'gated', arms: made, otherwise: otherwiseNode(otherwise, made.at(0)?.node) })
}

const otherwiseNode = (otherwise: unknown, arm: Node | undefined): Node => {
  if (isGrammar(otherwise)) {
    return otherwise.node
  }
  if (arm !== undefined) {
    expectValue('the value where no gate holds', arm, otherwise)
  }
  return { _tag: 'pure', value: otherwise, ...(arm === undefined ? {} : { like: arm }) }
}
