import { right } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { brandedFormat } from './branded-format.js'
import { anyDigests } from './digest-samples.js'
import { anyDigest } from './hash-digest.js'
import { runTextParser } from './text-parser.js'
import { TextType } from './text-type.js'

export interface DerivationOutputHashBrand {
  readonly DerivationOutputHash: unique symbol
}

/**
 * The last text of a derivation output: a digest, or the word `impure`. Its algorithm is in the text before it, so
 * the digest is kept as it is.
 *
 * ```ts
 * import { DerivationOutputHash } from 'nix-wire/types'
 *
 * DerivationOutputHash.is('impure') // => true
 * DerivationOutputHash.is('pure') // => false
 * ```
 *
 * Issues: a text that is neither `impure` nor the base16, nix32 or base64 digest of any algorithm. Source:
 * serialization spec, OptHashDigest of DerivationOutput; `impure` is from the reference implementation.
 */
export type DerivationOutputHash = t.Branded<string, DerivationOutputHashBrand>

/** The word in place of a digest. */
export const impure = 'impure'

export const DerivationOutputHash: TextType<DerivationOutputHash> = new TextType(
  brandedFormat<DerivationOutputHash>({
    name: 'DerivationOutputHash',
    summary: 'a hash digest or the word impure',
    texts: (make, protocol) => {
      const digest = anyDigests(make, protocol)
      return make.oneOf(make.joined(impure), digest, digest, digest)
    },
    syntax: [{ rules: ['DerivationOutputHash = "impure" | HashDigest'] }],
    normalise: (text) => (text === impure ? right(text) : runTextParser(anyDigest, text)),
  }),
)
