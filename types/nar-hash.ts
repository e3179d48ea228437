import { map } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { base16Alphabet, nix32Alphabet } from './base-encodings.js'
import { brandedFormat } from './branded-format.js'
import type { Base16Digest } from './digest-encodings.js'
import { base16Digests, base64Digests, nix32Digests } from './digest-samples.js'
import { type Hash, hashTo, parseHash } from './hash.js'
import { failAt, runTextParser } from './text-parser.js'
import { TextType } from './text-type.js'

export interface NARHashBrand {
  readonly NARHash: unique symbol
}

/**
 * The sha256 of a NAR, written as 64 lower-case base16 digits without a prefix.
 *
 * Any other form of a sha256 is accepted and normalised: upper case, nix32 and base64, also with the prefix
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
 * Issues: another algorithm, another length, an invalid character. Source: serialization spec, NARHash (base16 only);
 * the reference implementation reads the other forms.
 */
export type NARHash = t.Branded<Base16Digest, NARHashBrand>

const prefix = 'sha256:'

export const NARHash: TextType<NARHash> = new TextType(
  brandedFormat<NARHash>({
    name: 'NARHash',
    summary: 'a sha256 hash',
    pattern: [{ _tag: 'chars', alphabet: base16Alphabet, min: 64, max: 64 }],
    otherTexts: (make) =>
      make.oneOf(
        nix32Digests(make, 'sha256'),
        base64Digests(make, 'sha256'),
        make.joined(prefix, base16Digests(make, 'sha256')),
        make.joined(prefix, nix32Digests(make, 'sha256')),
        make.joined('sha256-', base64Digests(make, 'sha256')),
      ),
    normalise: (text) => map(({ digest }: { readonly digest: string }) => digest)(parseHash(text, 'sha256')),
  }),
)

export interface PrefixedNARHashBrand {
  readonly PrefixedNARHash: unique symbol
}

/**
 * The sha256 of a NAR, written as `sha256:` and nix32. Base16 and base64 after the colon and SRI are accepted and
 * normalised; a digest alone is rejected.
 *
 * ```ts
 * import { PrefixedNARHash } from 'nix-wire/types'
 *
 * PrefixedNARHash.make('sha256-FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc=')
 * // => { _tag: 'Right', right: 'sha256:09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm' }
 * PrefixedNARHash.make('09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm')._tag // => 'Left'
 * ```
 *
 * `NARHash.make` reads it too, and {@link prefixedNARHash} writes it.
 *
 * Issues: a missing or another algorithm, another length, an invalid character. Source: the reference implementation.
 */
export type PrefixedNARHash = t.Branded<string, PrefixedNARHashBrand>

const inNix32 = (digest: Base16Digest): string =>
  `${prefix}${hashTo('nix32', { algorithm: 'sha256', digest })}`

export const PrefixedNARHash: TextType<PrefixedNARHash> = new TextType(
  brandedFormat<PrefixedNARHash>({
    name: 'PrefixedNARHash',
    summary: 'a sha256 hash with its algorithm',
    // The first symbol contains one bit of the digest.
    pattern: [
      { _tag: 'literal', text: prefix },
      { _tag: 'chars', alphabet: nix32Alphabet.slice(0, 2), min: 1, max: 1 },
      { _tag: 'chars', alphabet: nix32Alphabet, min: 51, max: 51 },
    ],
    otherTexts: (make) =>
      make.oneOf(
        make.joined(prefix, base16Digests(make, 'sha256')),
        make.joined(prefix, base64Digests(make, 'sha256')),
        make.joined('sha256-', base64Digests(make, 'sha256')),
      ),
    normalise: (text) =>
      /[:-]/.test(text)
        ? map(({ digest }: Hash) => inNix32(digest))(parseHash(text, 'sha256'))
        : runTextParser(failAt(0, 'a hash with its algorithm, such as sha256:…'), text),
  }),
)

/**
 * A {@link NARHash} with its algorithm, as `sha256:` and nix32.
 *
 * @throws TypeError if the digest is invalid (its brand came from a cast).
 */
export const prefixedNARHash = (hash: NARHash): PrefixedNARHash => inNix32(hash) as PrefixedNARHash
