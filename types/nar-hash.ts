import { chain, map } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { base16Alphabet } from './base-encodings.js'
import { brandedFormat } from './branded-format.js'
import type { Base16Digest } from './digest-encodings.js'
import { nix32Digests } from './digest-samples.js'
import { hashTo, parseHash } from './hash.js'
import { failAt, runTextParser } from './text-parser.js'
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

/**
 * A {@link NARHash} that is written as `sha256:` and nix32. Base16 and base64 behind the colon and SRI are accepted; a digest
 * alone is not.
 *
 * ```ts
 * import { PrefixedNARHash } from 'nix-wire/types'
 *
 * PrefixedNARHash.make('sha256:09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm')
 * // => { _tag: 'Right', right: '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527' }
 * PrefixedNARHash.make('15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527')._tag // => 'Left'
 * ```
 *
 * Issues: no algorithm, another one, a length that is no sha256, a character out of place.
 * Source: the reference implementation.
 */
export type PrefixedNARHash = NARHash

export const PrefixedNARHash: TextType<NARHash> = new TextType({
  name: 'PrefixedNARHash',
  summary: 'a sha256 hash with its algorithm',
  value: 'structure',
  syntax: [
    {
      rules: ['PrefixedNARHash = "sha256:" <the digest in nix32>'],
      note: 'A digest in base16 or base64, and SRI form, is read too. The value is the digest in base16.',
    },
  ],
  texts: (make) => make.joined('sha256:', nix32Digests(make, 'sha256')),
  parse: (text, protocol) =>
    /[:-]/.test(text)
      ? NARHash.format.parse(text, protocol)
      : runTextParser(failAt(0, 'a hash with its algorithm, such as sha256:…'), text),
  print: (value, protocol) =>
    pipe(
      NARHash.format.print(value, protocol),
      chain((text) => NARHash.format.parse(text, protocol)),
      map((digest) => `sha256:${hashTo('nix32', { algorithm: 'sha256', digest })}`),
    ),
})
