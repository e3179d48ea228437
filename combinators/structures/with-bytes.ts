import { type Grammar, grammarOf, nodeOf } from '../node.js'

/** A value, and the bytes it was read from. (A condition, so that editors show the object.) */
export type WithBytes<A> = [A] extends [unknown] ? { readonly value: A; readonly bytes: Uint8Array } : never

/**
 * A value and the bytes it was read from: to hash or to sign what came, without encoding it again.
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
 * `bytes` are a copy of all that the value took on the wire, its lengths and its padding included; inside frames they
 * are the content, without the lengths of the frames. So where a peer sends another form than the encoder writes, they are
 * what came. Each `withBytes` makes a copy of its own, so that one inside another copies the same bytes again. While a
 * value arrives in pieces its bytes are kept, at most as many as the `message` limit allows.
 *
 * Only `value` is written: `bytes` are not looked at, and may be empty. (A `refine` around it sees what is there, when the
 * value is written too.) Order, duplicates and the JSON view go by the value
 * alone. What comes from JSON has the bytes that an encoder writes; none where it would refuse the value.
 *
 * Issues: those of the grammar, without a step in their path; encoding: `Unrepresentable` for what is no object.
 */
export const withBytes = <A>(grammar: Grammar<A>): Grammar<WithBytes<A>> =>
  grammarOf<WithBytes<A>>({ _tag: 'span', inner: nodeOf('what withBytes takes', grammar) })
