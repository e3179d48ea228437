import { type AnyGrammar, expectValue, type Grammar, type Node, nodeOf } from '../node.js'
import { checkOptions, flag } from '../options.js'

/** A field that is on the wire and not in the value; only a struct or a tuple can hold one. */
export interface Fixed {
  readonly node: Node
  readonly fixed: { readonly value: unknown; readonly ignored: boolean }
}

const fixedOf = (of: string, grammar: AnyGrammar, value: unknown, ignored: boolean): Fixed => {
  const node = nodeOf(`what ${of} takes`, grammar)
  expectValue(`the value of ${of}`, node, value)
  return { node, fixed: { value, ignored } }
}

/**
 * A constant that the wire must have here, such as a magic number.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, literal, struct, u32, u64 } from 'nix-wire/combinators'
 *
 * const Hello = struct('Hello', { magic: literal(u64, 0x6e697863n), version: u32 })
 * compile(Hello, {}).decode(bytesOf('6378696e00000000 2601000000000000')) // => { _tag: 'Right', right: { version: 294 } }
 * ```
 *
 * Issues: those of the grammar, and `UnexpectedValue`.
 */
export const literal = <A>(grammar: Grammar<A>, value: NoInfer<A>): Fixed =>
  fixedOf('literal', grammar, value, false)

/**
 * A field that once meant something. It is written as `value`. What is read there is passed over in the
 * compatible profile when `ignored` is set; else, and always in the canonical profile, it must be `value`.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, reserved, struct, u32 } from 'nix-wire/combinators'
 *
 * const Reply = struct('Reply', { one: reserved(u32, 1, { ignored: true }) })
 * compile(Reply, {}).decode(bytesOf('0500000000000000')) // => { _tag: 'Right', right: {} }
 * compile(Reply, {}, { profile: 'canonical' }).decode(bytesOf('0500000000000000'))._tag // => 'Left'
 * ```
 */
export const reserved = <A>(
  grammar: Grammar<A>,
  value: NoInfer<A>,
  options: { readonly ignored?: boolean } = {},
): Fixed => {
  checkOptions('reserved', { ignored: flag }, options)
  return fixedOf('reserved', grammar, value, options.ignored === true)
}
