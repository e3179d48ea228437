import { isRight } from 'fp-ts/lib/Either.js'
import { encodeBase64 } from '../bytes/base64.js'
import { hexOf } from '../bytes/hex.js'
import { decodeUtf8 } from '../bytes/utf8.js'
import { quoted } from '../combinators/show.js'
import { type Hash, hashFromBytes, hashTo, parseHash } from '../types/hash.js'
import { digestSize, type HashAlgorithm, hashAlgorithms } from '../types/hash-algorithm.js'
import { longestInRow } from './engine/plain-text.js'
import { dateOf, grouped } from './engine/value-text.js'

/** A possible meaning of bytes. */
export interface Reading {
  readonly as: string
  readonly value: string
}

const widths = [8, 16, 32, 64] as const

/** The possible meanings of some bytes: integers, texts, dates, hashes. */
export const readingsOf = (bytes: Uint8Array): ReadonlyArray<Reading> => [
  ...widths.flatMap((bits) => integers(bytes, bits)),
  ...dates(bytes),
  ...texts(bytes),
  ...hashes(bytes),
]

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length)

const integers = (bytes: Uint8Array, bits: (typeof widths)[number]): ReadonlyArray<Reading> => {
  if (bytes.length * 8 < bits) {
    return []
  }
  const view = viewOf(bytes)
  const wide = bits === 64 ? view.getBigUint64(0, true) : BigInt(unsigned(view, bits))
  const signed = BigInt.asIntN(bits, wide)
  return [
    { as: `u${bits}`, value: grouped(wide) },
    ...(signed === wide ? [] : [{ as: `i${bits}`, value: grouped(signed) }]),
  ]
}

const unsigned = (view: DataView, bits: 8 | 16 | 32): number =>
  bits === 8 ? view.getUint8(0) : bits === 16 ? view.getUint16(0, true) : view.getUint32(0, true)

const dates = (bytes: Uint8Array): ReadonlyArray<Reading> => {
  if (bytes.length !== 4 && bytes.length < 8) {
    return []
  }
  const view = viewOf(bytes)
  const seconds = bytes.length === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true)
  const date = dateOf(seconds)
  return date === null ? [] : [{ as: 'date', value: date }]
}

const texts = (bytes: Uint8Array): ReadonlyArray<Reading> => {
  const all = textOf(bytes)
  const inside = padded(bytes)
  return [
    ...(bytes.length === 0 ? [] : [{ as: 'text', value: all ?? 'not UTF-8' }]),
    ...(inside === null ? [] : [{ as: 'string', value: inside }]),
  ]
}

const textOf = (bytes: Uint8Array): string | null => {
  const text = decodeUtf8(bytes)
  return isRight(text) ? quoted(text.right, longestInRow) : null
}

/** A text with its length in front, as on the wire. */
const padded = (bytes: Uint8Array): string | null => {
  const content = contentOf(bytes)
  return content === null ? null : textOf(content)
}

const contentOf = (bytes: Uint8Array): Uint8Array | null => {
  if (bytes.length < 8) {
    return null
  }
  const length = viewOf(bytes).getBigUint64(0, true)
  return length > 0n && length <= BigInt(bytes.length - 8) ? bytes.subarray(8, 8 + Number(length)) : null
}

/** The bytes as a digest, or the digest in their text. */
const hashes = (bytes: Uint8Array): ReadonlyArray<Reading> => {
  const written = textHash(contentOf(bytes) ?? bytes)
  const found = written === null ? rawHashes(bytes) : [written]
  return found.flatMap((hash) => [
    { as: hash.algorithm, value: hashTo('sri', hash) },
    { as: `${hash.algorithm}, nix32`, value: hashTo('nix32', hash) },
    { as: `${hash.algorithm}, base16`, value: hashTo('base16', hash) },
  ])
}

const rawHashes = (bytes: Uint8Array): ReadonlyArray<Hash> =>
  likely.flatMap((algorithm) => {
    const hash = hashFromBytes(algorithm, bytes)
    return isRight(hash) ? [hash.right] : []
  })

// The most common algorithm of each length.
const likely: ReadonlyArray<HashAlgorithm> = hashAlgorithms.filter(
  (algorithm, at) => hashAlgorithms.findIndex((each) => digestSize[each] === digestSize[algorithm]) === at,
)

const longestHash = 200

const textHash = (bytes: Uint8Array): Hash | null => {
  const text = bytes.length > longestHash ? null : decodeUtf8(bytes)
  if (text === null || !isRight(text)) {
    return null
  }
  for (const algorithm of [undefined, ...likely]) {
    const hash = parseHash(text.right, algorithm)
    if (isRight(hash)) {
      return hash.right
    }
  }
  return null
}

/** The forms in which bytes are copied. */
export const copyForms = {
  hex: hexOf,
  base64: encodeBase64,
  text: (bytes: Uint8Array): string => new TextDecoder().decode(bytes),
} as const
