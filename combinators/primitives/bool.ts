import { type Grammar, grammarOf } from '../node.js'

/**
 * An integer below 2^32: 0 is false, everything else is true. It is written as 0 or 1, and the canonical profile
 * accepts only those two.
 *
 * ```ts
 * import { bool32, bytesOf, compile } from 'nix-wire'
 *
 * compile(bool32, {}).decode(bytesOf('0200000000000000')) // => { _tag: 'Right', right: true }
 * ```
 *
 * Issues: `UnexpectedEnd`, `OutOfRange`, `NotCanonical`.
 */
export const bool32: Grammar<boolean> = grammarOf<boolean>({
  _tag: 'bool',
  name: 'bool32',
  max: 0xffff_ffffn,
  strict: false,
})

/** Like {@link bool32}, but any integer of 64 bits is accepted. */
export const bool64: Grammar<boolean> = grammarOf<boolean>({
  _tag: 'bool',
  name: 'bool64',
  max: 0xffff_ffff_ffff_ffffn,
  strict: false,
})

/** Like {@link bool64}, but both profiles accept only 0 and 1. Issues: `UnexpectedEnd`, `OutOfRange`. */
export const strictBool: Grammar<boolean> = grammarOf<boolean>({
  _tag: 'bool',
  name: 'strictBool',
  max: 1n,
  strict: true,
})
