import { expectNoOptions } from '../expect.js'
import { type Grammar, grammarOf, type ToEndGrammar } from '../node.js'
import { show } from '../show.js'
import type { FittingLength } from '../structures/fitting.js'

/** @internal Rejects an invalid byte count. */
export const checkLength = (length: number): void => {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`not a length in bytes: ${show(length)}`)
  }
}

/**
 * A length, that many bytes, then zeros up to the next multiple of 8.
 *
 * ```ts
 * import { bytesOf, compile, paddedBytes } from 'nix-wire'
 *
 * compile(paddedBytes, {}).decode(bytesOf('0300000000000000 746561 0000000000'))
 * // => { _tag: 'Right', right: new Uint8Array([0x74, 0x65, 0x61]) }
 * ```
 *
 * Value: a copy, never a view of the input. Issues: `UnexpectedEnd`, `NonZeroPadding`, `LimitExceeded`. For a lower
 * limit write `limited(4096, paddedBytes)`.
 */
export const paddedBytes: Grammar<Uint8Array> = grammarOf<Uint8Array>({ _tag: 'bytes', length: 'padded' })

/**
 * All remaining bytes of the message, or of the frames around them, without a length or padding.
 *
 * ```ts
 * import { bytesOf, compile, restBytes, struct, u8 } from 'nix-wire'
 *
 * const Note = struct('Note', { kind: u8, text: restBytes })
 * compile(Note).decode(bytesOf('0100000000000000 746561'))
 * // => { _tag: 'Right', right: { kind: 1, text: new Uint8Array([0x74, 0x65, 0x61]) } }
 * ```
 *
 * Nothing can follow it, so it must be the last field of a struct or of a case, or the content of {@link framed};
 * elsewhere use {@link paddedBytes}. A stream is read to its end. Value: a copy, never a view of the input. Issues:
 * `LimitExceeded` for more bytes than the codec's string limit.
 */
export const restBytes: ToEndGrammar<Uint8Array> = grammarOf<Uint8Array>({
  _tag: 'bytes',
  length: 'toEnd',
}) as ToEndGrammar<Uint8Array>

/**
 * Exactly this many bytes, without a length or padding. What follows may lie at any offset, not only a multiple of 8.
 *
 * ```ts
 * import { bytesOf, compile, rawBytes, struct, u64 } from 'nix-wire'
 *
 * const Frame = struct('Frame', { kind: rawBytes(3), number: u64 })
 * compile(Frame, {}).decode(bytesOf('616263 0700000000000000'))
 * // => { _tag: 'Right', right: { kind: new Uint8Array([97, 98, 99]), number: 7n } }
 * ```
 *
 * Issues: `UnexpectedEnd`; encoding: `Unrepresentable` for bytes of another length.
 */
export const rawBytes: <const N extends number>(length: N & FittingLength<N>) => Grammar<Uint8Array> = (
  length,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('rawBytes', more)
  checkLength(length)
  return grammarOf<Uint8Array>({ _tag: 'bytes', length })
}
