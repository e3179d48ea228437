import { map } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { base16Alphabet } from './base-encodings.js'
import { brandedFormat } from './branded-format.js'
import type { Base16Digest } from './digest-encodings.js'
import { parseHash } from './hash.js'
import { TextType } from './text-type.js'

export interface NARHashBrand {
  readonly NARHash: unique symbol
}

/**
 * The sha256 of a NAR, written as 64 lower-case base16 digits without a prefix.
 *
 * Any other form of a sha256 is accepted and normalised: upper case, nix32, base64, each of them behind
 * `sha256:`, and SRI.
 *
 * ```ts
 * import { NARHash } from 'nix-wire/types'
 *
 * NARHash.make('sha256-FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc=')
 * // => { _tag: 'Right', right: '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527' }
 * ```
 *
 * It is a `Base16Digest`, so `{ algorithm: 'sha256', digest: narHash }` is a `Hash`.
 *
 * Issues: another algorithm, a length that is no sha256, a character out of place.
 * Source: serialization spec, NARHash (base16 only); the other forms are read by the reference implementation.
 */
export type NARHash = t.Branded<Base16Digest, NARHashBrand>

export const NARHash: TextType<NARHash> = new TextType(
  brandedFormat<NARHash>({
    name: 'NARHash',
    summary: 'a sha256 hash',
    pattern: [{ _tag: 'chars', alphabet: base16Alphabet, min: 64, max: 64 }],
    normalise: (text) => map(({ digest }: { readonly digest: string }) => digest)(parseHash(text, 'sha256')),
  }),
)
