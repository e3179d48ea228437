import { decodeEscaped } from '../bytes/escaped.js'
import { characterLength } from '../bytes/utf8.js'
import type { Issue } from './issue.js'

// The text is only shown, so the rest is not searched.
const mostSeen = 1024

/** Bell to shift-in and escape: the controls with which terminals print, colour and move. */
const isControl = (byte: number): boolean => byte < 0x20 && (byte < 0x07 || byte > 0x0f) && byte !== 0x1b

/** How many bytes at the beginning are text; a character cut at either end counts. */
const textLength = (bytes: Uint8Array): number => {
  let at = cutInFront(bytes)
  while (at < bytes.length) {
    const byte = bytes[at]!
    const isC1 = byte === 0xc2 && bytes[at + 1]! < 0xa0
    if (isControl(byte) || byte === 0x7f || isC1) {
      return at
    }
    const length = characterLength(bytes, at, bytes.length)
    if (length === 0) {
      return isCut(bytes.subarray(at)) ? bytes.length : at
    }
    at += length
  }
  return at
}

/** How many bytes at the front are the rest of a character. */
const cutInFront = (bytes: Uint8Array): number => {
  const first = bytes.subarray(0, 4).findIndex((byte) => byte >> 6 !== 0b10)
  return Math.max(first, 0)
}

/** Whether these are the first bytes of an incomplete character. */
const isCut = ([lead = 0, ...rest]: Uint8Array): boolean =>
  lead >= 0xc2 && lead <= 0xf4 && rest.length < 3 && rest.every((byte) => byte >> 6 === 0b10)

const isNumberBehind = (bytes: Uint8Array, at: number): boolean =>
  bytes.length >= at + 4 && bytes.subarray(at, at + 4).every((byte) => byte === 0) && bytes[at + 4] !== 0

/**
 * The text at the beginning of bytes: printable UTF-8 and colour codes, for at least the eight bytes of a number or all
 * bytes; null for anything else.
 *
 * Four letters that four zeros follow, as in `74 65 61 0a 6f 69 78 64 00 00 00 00`, are a number after the text.
 */
export const leadingText = (bytes: Uint8Array): string | null => {
  const seen = bytes.subarray(0, mostSeen)
  const length = textLength(seen)
  if (length === 0 || length < Math.min(8, seen.length)) {
    return null
  }
  const hasNumber = length > 4 && isNumberBehind(seen, length)
  const text = decodeEscaped(seen.subarray(cutInFront(seen), hasNumber ? length - 4 : length)).replace(
    /\p{Cs}+$/u,
    '',
  )
  return text.includes('\x1b') || /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text : null
}

// One or two letters at the end may be the rest of a number that is cut.
const leastCut = 3

/** The keywords of a format are texts already, so another word in their place is not foreign text. */
const isAboutText = ({ actual }: Issue): boolean => actual.startsWith('"')

/**
 * The text in place of a number, or after the end: the banner of a login, an error of a shell. `bytes` begin at the
 * offset of the issue. Null if they are not text, and if the issue is about a text anyway.
 */
export const textInPlace = (issue: Issue, bytes: Uint8Array): string | null => {
  if (isAboutText(issue)) {
    return null
  }
  switch (issue._tag) {
    case 'OutOfRange':
    case 'UnknownTag':
    case 'UnexpectedValue':
    case 'LimitExceeded':
    case 'NotCanonical':
    case 'NonZeroPadding':
    case 'TrailingBytes':
      return leadingText(bytes)
    case 'UnexpectedEnd':
      return bytes.length >= leastCut && bytes.length + issue.missing === 8 ? leadingText(bytes) : null
    default:
      return null
  }
}
