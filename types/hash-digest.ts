import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { TextIssue } from '../combinators/text-format.js'
import { brandedFormat } from './branded-format.js'
import { anyDigests } from './digest-samples.js'
import { digestLengths, readDigest } from './digest-text.js'
import { hashAlgorithms } from './hash-algorithm.js'
import { issueAtIndex, readWith, rest, runTextParser } from './text-parser.js'
import { TextType } from './text-type.js'

export interface HashDigestBrand {
  readonly HashDigest: unique symbol
}

/**
 * A digest whose algorithm is given elsewhere. Its text is kept as it is, since neither the algorithm nor the
 * encoding is certain: 32 characters may be the base16 of md5 or the nix32 of sha1.
 *
 * ```ts
 * import { HashDigest } from 'nix-wire/types'
 *
 * HashDigest.is('d41d8cd98f00b204e9800998ecf8427e') // => true
 * HashDigest.is('d41d8cd9') // => false
 * ```
 *
 * Issues: a text that is not the base16, nix32 or base64 digest of any algorithm; a prefix. Source: serialization
 * spec, HashDigest; lengths and characters are from the reference implementation.
 */
export type HashDigest = t.Branded<string, HashDigestBrand>

const longest = 128

const readAny = (text: string): Either<TextIssue, string> => {
  const candidates = hashAlgorithms.filter((algorithm) =>
    Object.values(digestLengths(algorithm)).includes(text.length),
  )
  let worst = issueAtIndex(
    text,
    Math.min(text.length, longest),
    'a digest as long as one of md5, sha1, sha256, sha512 or blake3 in base16, nix32 or base64',
  )
  for (const [index, algorithm] of candidates.entries()) {
    const read = readDigest(algorithm, text)
    if (read._tag === 'Right') return right(text)
    if (index === 0 || read.left.position > worst.position) worst = read.left
  }
  return left(worst)
}

/** Reads any digest, and leaves it as it is. */
export const anyDigest = readWith(rest, readAny)

export const HashDigest: TextType<HashDigest> = new TextType(
  brandedFormat<HashDigest>({
    name: 'HashDigest',
    summary: 'a hash digest in base16, nix32 or base64',
    texts: anyDigests,
    syntax: [
      {
        rules: ['HashDigest = <a digest in base16> | <a digest in nix32> | <a digest in base64>'],
        note: 'It has 16 bytes (md5), 20 (sha1), 32 (sha256, blake3) or 64 (sha512), and is kept as it came.',
      },
    ],
    normalise: (text) => runTextParser(anyDigest, text),
  }),
)
