import { misfit } from '../misfit.js'
import { expectValue, type Grammar, type Node, nodeName, nodeOf } from '../node.js'
import { checkOptions, flag } from '../options.js'
import { partsOf } from '../parts.js'
import { show } from '../show.js'

/** A field that is on the wire but not in the value. Only a struct or a tuple can hold one. */
export interface Literal {
  readonly node: Node
  readonly fixed: { readonly value: unknown; readonly ignored: boolean }
}

/** Whether the values of a node contain bytes; the content of lazy nodes is not known yet. */
const keepsBytes = (node: Node): boolean =>
  node._tag === 'span' || (node._tag !== 'lazy' && partsOf(node).some(keepsBytes))

/**
 * A constant on the wire, such as a magic number. It is not part of the value.
 *
 * ```ts
 * import { bytesOf, compile, literal, struct, u32, u64 } from 'nix-wire'
 *
 * const Hello = struct('Hello', { magic: literal(u64, 0x6e697863n), version: u32 })
 * compile(Hello, {}).decode(bytesOf('6378696e00000000 2601000000000000')) // => { _tag: 'Right', right: { version: 294 } }
 * ```
 *
 * With `ignored`, for a field that no longer means anything, the encoder still writes the constant, but the
 * compatible profile accepts any value there. The canonical profile accepts only the constant.
 *
 * ```ts
 * import { bytesOf, compile, literal, struct, u32 } from 'nix-wire'
 *
 * const Reply = struct('Reply', { one: literal(u32, 1, { ignored: true }) })
 * compile(Reply, {}).decode(bytesOf('0500000000000000')) // => { _tag: 'Right', right: {} }
 * compile(Reply, {}, { profile: 'canonical' }).decode(bytesOf('0500000000000000'))._tag // => 'Left'
 * ```
 *
 * Issues: those of the grammar, and `UnexpectedValue`.
 *
 * @throws RangeError for a value that the grammar cannot write, such as 300 in a `u8`.
 */
export const literal = <A>(
  grammar: Grammar<A>,
  value: NoInfer<A>,
  options: { readonly ignored?: boolean } = {},
): Literal => {
  checkOptions('literal', { ignored: flag }, options)
  const node = nodeOf('what literal takes', grammar)
  if (keepsBytes(node)) {
    throw new TypeError('literal takes a grammar without withBytes: it has no place for the bytes')
  }
  expectValue('the value of literal', node, value)
  const expected = misfit(node, value)
  if (expected !== null) {
    throw new RangeError(`a literal of ${nodeName(node)} cannot be ${show(value)}: expected ${expected}`)
  }
  return { node, fixed: { value, ignored: options.ignored === true } }
}
