import { validUpTo } from './utf8.js'

/**
 * Converts strings to bytes and back, in the fastest way of the platform. `Buffer`'s own methods accept any Uint8Array;
 * without `Buffer`, TextDecoder and TextEncoder do the same at half the speed.
 */
interface Strings {
  /** The string of these bytes, each below 0x80. */
  readonly fromAscii: (bytes: Uint8Array, start: number, end: number) => string
  /** A string with one character for each byte of any value. */
  readonly fromLatin1: (bytes: Uint8Array) => string
  /** The string of these bytes; null if they are not UTF-8. */
  readonly fromUtf8: (bytes: Uint8Array, start: number, end: number) => string | null
  /** Writes UTF-8 and returns the number of bytes; there must be room. A lone surrogate becomes U+FFFD. */
  readonly write: (bytes: Uint8Array, text: string, at: number) => number
  readonly byteLength: (text: string) => number
}

interface BufferMethods {
  latin1Slice(this: Uint8Array, start: number, end: number): string
  utf8Slice(this: Uint8Array, start: number, end: number): string
  utf8Write(this: Uint8Array, text: string, at: number, most: number): number
}

interface WithBuffer {
  readonly Buffer?: { readonly prototype: Partial<BufferMethods>; byteLength(text: string): number }
}

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

const withBuffer = (methods: BufferMethods, byteLength: (text: string) => number): Strings => {
  const { latin1Slice, utf8Slice, utf8Write } = methods
  return {
    fromAscii: (bytes, start, end) => latin1Slice.call(bytes, start, end),
    fromLatin1: (bytes) => latin1Slice.call(bytes, 0, bytes.length),
    fromUtf8: (bytes, start, end) => {
      const text = utf8Slice.call(bytes, start, end)
      return text.includes('\ufffd') && validUpTo(bytes, start, end) !== end ? null : text
    },
    write: (bytes, text, at) => utf8Write.call(bytes, text, at, bytes.length - at),
    byteLength,
  }
}

/** @internal exported for the tests, which run it beside the other. */
export const withoutBuffer: Strings = {
  fromAscii: (bytes, start, end) => fatal.decode(bytes.subarray(start, end)),
  fromLatin1: (bytes) => latin1Pieces(bytes),
  fromUtf8: (bytes, start, end) =>
    validUpTo(bytes, start, end) === end ? fatal.decode(bytes.subarray(start, end)) : null,
  write: (bytes, text, at) => encoder.encodeInto(text, bytes.subarray(at)).written,
  byteLength: (text) => {
    let bytes = 0
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      bytes +=
        unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit < 0xdc00 && isLow(text, i + 1) ? 4 : 3
      if (unit >= 0xd800 && unit < 0xdc00 && isLow(text, i + 1)) {
        i++
      }
    }
    return bytes
  },
}

// TextDecoder's latin1 is windows-1252, which shows 0x80 to 0x9f as other characters.
const latin1Pieces = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  return text
}

const isLow = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit < 0xe000
}

const choose = (): Strings => {
  const { Buffer } = globalThis as WithBuffer
  const methods = Buffer?.prototype
  return Buffer !== undefined && methods?.latin1Slice && methods.utf8Slice && methods.utf8Write
    ? withBuffer(methods as BufferMethods, (text) => Buffer.byteLength(text))
    : withoutBuffer
}

export const strings: Strings = choose()
