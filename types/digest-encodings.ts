import { type Either, left, map } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { TextIssue } from '../combinators/text-format.js'
import { fromBase16, fromNix32, toBase16, toNix32 } from './base-encodings.js'
import { brandedFormat } from './branded-format.js'
import { base16Digests, nix32Digests, ofAlgorithm } from './digest-samples.js'
import { digestSize, hashAlgorithms } from './hash-algorithm.js'
import { issueAtIndex, readWith, rest, runTextParser } from './text-parser.js'
import { TextType } from './text-type.js'

export interface Base16DigestBrand {
  readonly Base16Digest: unique symbol
}

/**
 * A digest of any algorithm in lower-case base16: 32, 40, 64 or 128 digits. Upper case is accepted and lowered.
 *
 * ```ts
 * import { Base16Digest } from 'nix-wire/types'
 *
 * Base16Digest.make('D41D8CD98F00B204E9800998ECF8427E') // => { _tag: 'Right', right: 'd41d8cd98f00b204e9800998ecf8427e' }
 * ```
 *
 * Issues: another length, another character. Source: serialization spec, HashDigest; lengths of the reference
 * implementation.
 */
export type Base16Digest = t.Branded<string, Base16DigestBrand>

export interface Nix32DigestBrand {
  readonly Nix32Digest: unique symbol
}

/**
 * A digest of any algorithm in nix32: 26, 32, 52 or 103 symbols. Content addresses are written with it.
 *
 * ```ts
 * import { Nix32Digest } from 'nix-wire/types'
 *
 * Nix32Digest.is('1amk6n7wxjlw4qkq6dcj6mm7hw3acrw0') // => true
 * ```
 *
 * Issues: another length, another character, unused high bits that are not zero. Source: serialization spec,
 * HashDigest; lengths of the reference implementation.
 */
export type Nix32Digest = t.Branded<string, Nix32DigestBrand>

const sizes = new Set(hashAlgorithms.map((algorithm) => digestSize[algorithm]))

const normaliser =
  (
    expected: string,
    read: (text: string) => Either<TextIssue, Uint8Array>,
    write: (bytes: Uint8Array) => string,
  ) =>
  (text: string): Either<TextIssue, string> => {
    const whole = (piece: string) => {
      const bytes = read(piece)
      return bytes._tag === 'Right' && !sizes.has(bytes.right.length)
        ? left(issueAtIndex(piece, piece.length, expected))
        : map(write)(bytes)
    }
    return runTextParser(readWith(rest, whole), text)
  }

export const Base16Digest: TextType<Base16Digest> = new TextType(
  brandedFormat<Base16Digest>({
    name: 'Base16Digest',
    summary: 'a digest in base16',
    texts: (make) => ofAlgorithm(make, (algorithm) => base16Digests(make, algorithm)),
    normalise: normaliser('32, 40, 64 or 128 base16 digits', fromBase16, toBase16),
  }),
)

export const Nix32Digest: TextType<Nix32Digest> = new TextType(
  brandedFormat<Nix32Digest>({
    name: 'Nix32Digest',
    summary: 'a digest in nix32',
    texts: (make) => ofAlgorithm(make, (algorithm) => nix32Digests(make, algorithm)),
    normalise: normaliser('26, 32, 52 or 103 nix32 symbols', fromNix32, toNix32),
  }),
)
