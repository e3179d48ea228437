import { type Either, left, right } from 'fp-ts/lib/Either.js'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** The text of bytes that are UTF-8; Left: how many bytes come before the first that does not fit. */
export const decodeUtf8 = (bytes: Uint8Array): Either<number, string> => {
  let at = 0
  while (at < bytes.length) {
    const length = characterLength(bytes, at)
    if (length === 0) {
      return left(at)
    }
    at += length
  }
  return right(strict.decode(bytes))
}

/** The text of bytes of any kind: each that is not UTF-8 becomes a lone surrogate, U+DC00 plus that byte. */
export const decodeEscaped = (bytes: Uint8Array): string => {
  const parts: Array<string> = []
  let from = 0
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at)
    if (length === 0) {
      parts.push(strict.decode(bytes.subarray(from, at)), String.fromCharCode(0xdc00 + bytes[at]!))
      from = at + 1
    }
    at += Math.max(length, 1)
  }
  parts.push(strict.decode(bytes.subarray(from)))
  return parts.join('')
}

/** The bytes of a text; lone surrogates U+DC80 to U+DCFF stand for the bytes 0x80 to 0xff. */
export const encodeEscaped = (text: string): Uint8Array => {
  if (text.isWellFormed()) {
    return encoder.encode(text)
  }
  const bytes: Array<number> = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code >= 0xdc80 && code <= 0xdcff) {
      bytes.push(code - 0xdc00)
    } else {
      for (const byte of encoder.encode(character)) {
        bytes.push(byte)
      }
    }
  }
  return Uint8Array.from(bytes)
}

/** The smallest code points that need 1, 2, 3 and 4 bytes. */
const least = [0, 0x80, 0x800, 0x10000]

/** How many bytes the character at `at` takes; 0 where there is none. */
export const characterLength = (bytes: Uint8Array, at: number): number => {
  const lead = bytes[at]!
  if (lead < 0x80) {
    return 1
  }
  const length = lead >> 5 === 0b110 ? 2 : lead >> 4 === 0b1110 ? 3 : lead >> 3 === 0b11110 ? 4 : 0
  if (length === 0 || at + length > bytes.length) {
    return 0
  }
  let code = lead & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i]!
    if (next >> 6 !== 0b10) {
      return 0
    }
    code = code * 64 + (next & 0x3f)
  }
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  return code < least[length - 1]! || isSurrogate || code > 0x10ffff ? 0 : length
}
