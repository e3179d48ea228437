import { chain, type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { base64Length } from '../bytes/base64.js'
import type { TextIssue } from '../combinators/text-format.js'
import { base16Length, fromBase16, fromBase64, fromNix32, nix32Length, toBase16 } from './base-encodings.js'
import type { Base16Digest } from './digest-encodings.js'
import { digestSize, type HashAlgorithm } from './hash-algorithm.js'
import { issueAtIndex, readWith, type TextParser } from './text-parser.js'

/** Makes a digest of bytes, in base16. The caller checks the number of bytes. */
export const digestOfBytes = (bytes: Uint8Array): Base16Digest => toBase16(bytes) as Base16Digest

/** The number of characters of an algorithm's digest in each encoding. All differ. */
export const digestLengths = (algorithm: HashAlgorithm) => {
  const size = digestSize[algorithm]
  return { hex: base16Length(size), nix32: nix32Length(size), base64: base64Length(size) } as const
}

/** Reads a digest in base64, of any length: the part after the `-` of SRI. */
export const readBase64Digest = (algorithm: HashAlgorithm, text: string): Either<TextIssue, Base16Digest> =>
  pipe(
    fromBase64(text),
    chain((bytes) =>
      bytes.length === digestSize[algorithm]
        ? right(digestOfBytes(bytes))
        : left(issueAtIndex(text, text.length, `base64 of ${digestSize[algorithm]} bytes`)),
    ),
  )

/** Reads a digest without a prefix. With a known algorithm, its length shows the encoding. */
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
