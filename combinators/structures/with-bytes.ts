import { expectNoOptions } from '../expect.js'
import { type Grammar, grammarOf, nodeOf } from '../node.js'

/** A value, and the bytes it was read from. (A condition, so that editors show the object.) */
export type WithBytes<A> = [A] extends [unknown] ? { readonly value: A; readonly bytes: Uint8Array } : never

/**
 * A value together with the bytes it was read from, to hash or verify what came without encoding it again.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, struct, utf8, withBytes } from 'nix-wire/combinators'
 *
 * const Signed = struct('Signed', { letter: withBytes(utf8), signature: utf8 })
 * const wire = bytesOf('0200000000000000 6869 000000000000 0100000000000000 78 00000000000000')
 * compile(Signed).decode(wire)
 * // => {
 * //   _tag: 'Right',
 * //   right: { letter: { value: 'hi', bytes: bytesOf('0200000000000000 6869 000000000000') }, signature: 'x' },
 * // }
 * ```
 *
 * `bytes` is a copy of everything the value took on the wire, lengths and padding included; inside frames it is the
 * content without the lengths of the frames. If a peer sends another form than the encoder writes, `bytes` is what
 * the peer sent. Each `withBytes` makes its own copy, so nested ones copy the same bytes again. While a value arrives
 * in pieces its bytes are buffered, at most as many as the `message` limit allows.
 *
 * Encoding writes `value` and ignores `bytes`, which may be empty. (A `refine` around it still sees the given
 * `bytes`.) Order, duplicates and JSON depend on the value alone. A value read from JSON gets the bytes that the
 * encoder writes for it, or no bytes if the encoder rejects it.
 *
 * Issues: those of the grammar, without a step in their path; encoding: `Unrepresentable` for a value that is not an
 * object.
 */
export const withBytes: <A>(grammar: Grammar<A>) => Grammar<WithBytes<A>> = (
  grammar,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('withBytes', more)
  return grammarOf({ _tag: 'span', inner: nodeOf('what withBytes takes', grammar) })
}
