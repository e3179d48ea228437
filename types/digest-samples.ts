import type { TextMaker, TextPiece, TextsOf } from '../combinators/text-format.js'
import { base16Alphabet, base16Length, nix32Alphabet, nix32Length } from './base-encodings.js'
import { digestSize, type HashAlgorithm } from './hash-algorithm.js'

type DigestsOf = <T>(make: TextMaker<T>, algorithm: HashAlgorithm) => T

const chars = (alphabet: string, count: number): TextPiece => ({
  _tag: 'chars',
  alphabet,
  min: count,
  max: count,
})

export const base16Digests: DigestsOf = (make, algorithm) =>
  make.pattern([chars(base16Alphabet, base16Length(digestSize[algorithm]))])

/** The first symbol has the remaining bits, fewer than five. */
export const nix32Digests: DigestsOf = (make, algorithm) => {
  const bytes = digestSize[algorithm]
  const others = nix32Length(bytes) - 1
  const bits = bytes * 8 - others * 5
  return make.pattern([chars(nix32Alphabet.slice(0, 2 ** bits), 1), chars(nix32Alphabet, others)])
}

const sextets = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The last symbol has two bits of a single byte, or four of two; no digest has a multiple of three bytes. */
export const base64Digests: DigestsOf = (make, algorithm) => {
  const bytes = digestSize[algorithm]
  const isOneLeft = bytes % 3 === 1
  const last = [...sextets].filter((_, i) => i % (isOneLeft ? 16 : 4) === 0).join('')
  const whole = 4 * Math.floor(bytes / 3) + (isOneLeft ? 1 : 2)
  return make.pattern([
    chars(sextets, whole),
    chars(last, 1),
    { _tag: 'literal', text: isOneLeft ? '==' : '=' },
  ])
}

/** A text for one of the algorithms. */
export const ofAlgorithm = <T>(make: TextMaker<T>, texts: (algorithm: HashAlgorithm) => T): T =>
  make.oneOf(texts('md5'), texts('sha1'), texts('sha256'), texts('sha512'), texts('blake3'))

/** Digests of any algorithm, in any encoding. */
export const anyDigests: TextsOf = (make) =>
  ofAlgorithm(make, (algorithm) =>
    make.oneOf(base16Digests(make, algorithm), nix32Digests(make, algorithm), base64Digests(make, algorithm)),
  )
