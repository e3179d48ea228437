import { type Either, left, right } from 'fp-ts/lib/Either.js'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes that are UTF-8; Left: the number of bytes before the first invalid one. */
export const decodeUtf8 = (bytes: Uint8Array): Either<number, string> => {
  const valid = validUpTo(bytes, 0, bytes.length)
  return valid === bytes.length ? right(strict.decode(bytes)) : left(valid)
}

/**
 * The end of the longest prefix of `bytes[from, end)` that is UTF-8 (no overlong forms, no surrogates, nothing
 * above U+10FFFF).
 */
export const validUpTo = (bytes: Uint8Array, from: number, end: number): number => {
  let pos = from
  while (pos < end) {
    const length = characterLength(bytes, pos, end)
    if (length === 0) {
      return pos
    }
    pos += length
  }
  return pos
}

/** The length of the character at `pos` in bytes; 0 if it is invalid. */
export const characterLength = (bytes: Uint8Array, pos: number, end: number): number => {
  const lead = bytes[pos]!
  if (lead < 0x80) {
    return 1
  }
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  if (length === 0 || pos + length > end) {
    return 0
  }
  // Overlong forms, surrogates and values above U+10FFFF are all recognised by the second byte.
  const second = bytes[pos + 1]!
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) {
    return 0
  }
  for (let i = 2; i < length; i++) {
    if ((bytes[pos + i]! & 0xc0) !== 0x80) {
      return 0
    }
  }
  return length
}
