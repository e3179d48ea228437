import { strings } from './strings.js'
import { validUpTo } from './utf8.js'

/**
 * The text of bytes of any kind: each byte that is not UTF-8 becomes a lone surrogate, U+DC00 plus that byte.
 */
export const decodeEscaped = (bytes: Uint8Array, start = 0, end = bytes.length): string =>
  strings.fromUtf8(bytes, start, end) ?? inPieces(bytes, start, end)

const inPieces = (bytes: Uint8Array, start: number, end: number): string => {
  const parts: Array<string> = []
  let from = start
  while (from < end) {
    const valid = validUpTo(bytes, from, end)
    parts.push(strings.fromUtf8(bytes, from, valid) ?? '')
    from = valid
    if (from < end) {
      parts.push(String.fromCharCode(0xdc00 + bytes[from]!))
      from++
    }
  }
  return parts.join('')
}

/** The bytes of a text; lone surrogates U+DC80 to U+DCFF stand for the bytes 0x80 to 0xff, others become U+FFFD. */
export const encodeEscaped = (text: string): Uint8Array => {
  const bytes = new Uint8Array(strings.byteLength(text))
  let length = 0
  // With the u flag a surrogate pair is one character, so only lone units are split off.
  for (const part of text.isWellFormed() ? [text] : text.split(/([\udc80-\udcff])/u)) {
    const unit = part.length === 1 ? part.charCodeAt(0) : 0
    if (unit >= 0xdc80 && unit <= 0xdcff) {
      bytes[length++] = unit - 0xdc00
    } else {
      length += strings.write(bytes, part, length)
    }
  }
  return bytes.subarray(0, length)
}

/**
 * The same; null if no bytes are read as this text: one with other lone surrogates, or with an escaped character.
 */
export const escapedBytes = (text: string): Uint8Array | null => {
  const bytes = encodeEscaped(text)
  return text.isWellFormed() || decodeEscaped(bytes) === text ? bytes : null
}
