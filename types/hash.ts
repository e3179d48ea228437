import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../bytes/byte-array.js'
import { expectText } from '../combinators/expect.js'
import { show } from '../combinators/show.js'
import type { TextIssue } from '../combinators/text-format.js'
import { fromBase16, toBase64, toNix32 } from './base-encodings.js'
import type { Base16Digest, Nix32Digest } from './digest-encodings.js'
import { digestOf, digestOfBytes, readBase64Digest } from './digest-text.js'
import { algorithmBefore, digestSize, type HashAlgorithm } from './hash-algorithm.js'
import { andThen, failAt, readWith, rest, runTextParser, succeed, type TextParser } from './text-parser.js'

/**
 * A hash: the algorithm, and the digest in lower-case base16, so that hashes can be compared.
 *
 * ```ts
 * import { hashTo, parseHash } from 'nix-wire/types'
 *
 * const hash = parseHash('sha1:1amk6n7wxjlw4qkq6dcj6mm7hw3acrw0')
 * // => { _tag: 'Right', right: { algorithm: 'sha1', digest: '8067a60687a7562359337862c2a9ecfc5833ab0a' } }
 * if (hash._tag === 'Right') {
 *   hashTo('sri', hash.right) // => 'sha1-gGemBoenViNZM3hiwqns/Fgzqwo='
 * }
 * ```
 *
 * Source: the reference implementation; the specification says only "a digest in any encoding".
 */
export interface Hash {
  readonly algorithm: HashAlgorithm
  readonly digest: Base16Digest
}

/** The text forms of a hash. Only `sri` (`sha256-` and base64) names the algorithm. */
export interface HashTexts {
  readonly base16: Base16Digest
  readonly nix32: Nix32Digest
  readonly base64: string
  readonly sri: string
}

const prefix = (separator: string, known: HashAlgorithm | undefined): TextParser<HashAlgorithm> =>
  andThen(algorithmBefore(separator), (algorithm) =>
    known === undefined || known === algorithm ? succeed(algorithm) : failAt(0, `a ${known} hash`),
  )

/** The parser for a hash that is the whole `text`; the place of a `:` or `-` shows its form. */
const hashParser = (text: string, known: HashAlgorithm | undefined): TextParser<Hash> => {
  if (text.includes(':')) {
    return andThen(prefix(':', known), (algorithm) =>
      digestOf(algorithm, rest).map((digest) => ({ algorithm, digest })),
    )
  }
  if (text.includes('-')) {
    return andThen(prefix('-', known), (algorithm) =>
      readWith(rest, (base64) => readBase64Digest(algorithm, base64)).map((digest) => ({
        algorithm,
        digest,
      })),
    )
  }
  return known === undefined
    ? failAt(0, 'a hash with its algorithm, such as sha256:… or sha256-…')
    : digestOf(known, rest).map((digest) => ({ algorithm: known, digest }))
}

/**
 * Parses a hash in any form: `sha256:` and base16, nix32 or base64; SRI (`sha256-` and base64); or, if `algorithm` is
 * given, a digest alone. A given algorithm must agree with a written one.
 *
 * Issues: an unknown or another algorithm, a length that does not fit the algorithm, an invalid character, nix32 with
 * unused bits that are not zero.
 */
export const parseHash = (text: string, algorithm?: HashAlgorithm): Either<TextIssue, Hash> => {
  expectText('a hash', text)
  return runTextParser(hashParser(text, algorithm), text)
}

/**
 * The bytes of a digest.
 *
 * @throws TypeError if the digest is invalid (its brand came from a cast).
 */
export const hashBytes = ({ algorithm, digest }: Hash): Uint8Array => {
  const bytes = fromBase16(digest)
  if (bytes._tag === 'Right' && bytes.right.length === digestSize[algorithm]) return bytes.right
  throw new TypeError(`not the base16 of a ${algorithm} digest: ${show(digest)}`)
}

/** The hash with these bytes; Left if their number does not fit the algorithm. */
export const hashFromBytes = (algorithm: HashAlgorithm, bytes: Uint8Array): Either<string, Hash> => {
  expectBytes('a digest', bytes)
  return bytes.length === digestSize[algorithm]
    ? right({ algorithm, digest: digestOfBytes(bytes) })
    : left(`expected ${digestSize[algorithm]} bytes of ${algorithm}, got ${bytes.length}`)
}

/**
 * A hash as text: `base16`, `nix32` or `base64`, which do not name the algorithm, or `sri`.
 *
 * ```ts
 * import { hashTo, NARHash } from 'nix-wire/types'
 *
 * const empty = NARHash.make('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
 * if (empty._tag === 'Right') {
 *   hashTo('nix32', { algorithm: 'sha256', digest: empty.right })
 *   // => '0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73'
 * }
 * ```
 *
 * @throws TypeError if the digest is invalid (its brand came from a cast).
 */
export const hashTo = <Form extends keyof HashTexts>(form: Form, hash: Hash): HashTexts[Form] => {
  const bytes = hashBytes(hash)
  const texts: { readonly [F in keyof HashTexts]: () => HashTexts[F] } = {
    base16: () => digestOfBytes(bytes),
    nix32: () => toNix32(bytes) as Nix32Digest,
    base64: () => toBase64(bytes),
    sri: () => `${hash.algorithm}-${toBase64(bytes)}`,
  }
  return texts[form]()
}
