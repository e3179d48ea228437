import { chain, type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { base64Length } from '../bytes/base64.js'
import type { TextIssue } from '../combinators/text-format.js'
import { base16Length, fromBase16, fromBase64, fromNix32, nix32Length, toBase16 } from './base-encodings.js'
import type { Base16Digest } from './digest-encodings.js'
import { digestSize, type HashAlgorithm } from './hash-algorithm.js'
import { issueAtIndex, readWith, type TextParser } from './text-parser.js'

/** Bytes become a digest, which is kept in base16. How many there must be is for the caller to know. */
export const digestOfBytes = (bytes: Uint8Array): Base16Digest => toBase16(bytes) as Base16Digest

/** How many characters a digest of an algorithm has in each encoding. No two are the same. */
export const digestLengths = (algorithm: HashAlgorithm) => {
  const size = digestSize[algorithm]
  return { hex: base16Length(size), nix32: nix32Length(size), base64: base64Length(size) } as const
}

/** Reads a digest in base64, of whatever length the text is: what follows the `-` of SRI. */
export const readBase64Digest = (algorithm: HashAlgorithm, text: string): Either<TextIssue, Base16Digest> =>
  pipe(
    fromBase64(text),
    chain((bytes) =>
      bytes.length === digestSize[algorithm]
        ? right(digestOfBytes(bytes))
        : left(issueAtIndex(text, text.length, `base64 of ${digestSize[algorithm]} bytes`)),
    ),
  )

/**
 * Reads a digest without a prefix. The encoding is not written down: with the algorithm known, the length tells.
 */
export const readDigest = (algorithm: HashAlgorithm, text: string): Either<TextIssue, Base16Digest> => {
  const { hex, nix32, base64 } = digestLengths(algorithm)
  switch (text.length) {
    case hex:
      return map(digestOfBytes)(fromBase16(text))
    case nix32:
      return map(digestOfBytes)(fromNix32(text))
    case base64:
      return readBase64Digest(algorithm, text)
    default: {
      const expected = `a ${algorithm} digest of ${hex} base16, ${nix32} nix32 or ${base64} base64 characters`
      return left(issueAtIndex(text, Math.min(text.length, hex), expected))
    }
  }
}

/** The digest of a known algorithm, up to where `piece` ends. */
export const digestOf = (algorithm: HashAlgorithm, piece: TextParser<string>): TextParser<Base16Digest> =>
  readWith(piece, (text) => readDigest(algorithm, text))
