import { expectBytes, kindName } from './byte-array.js'

/**
 * Bytes from hex digits; white space between them is free.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 *
 * bytesOf('01 ff') // => new Uint8Array([1, 255])
 * ```
 *
 * @throws SyntaxError for anything that is not pairs of hex digits.
 */
export const bytesOf = (hex: string): Uint8Array => {
  if (typeof hex !== 'string') {
    throw new TypeError(`hex digits must be a string, not ${kindName(hex)}`)
  }
  const digits = hex.replace(/\s/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new SyntaxError('expected pairs of hex digits')
  }
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  )
}

/**
 * Bytes as lower-case hex digits.
 *
 * ```ts
 * import { hexOf } from 'nix-wire'
 *
 * hexOf(new Uint8Array([1, 255])) // => '01ff'
 * ```
 */
export const hexOf = (bytes: Uint8Array): string => {
  expectBytes('what hexOf takes', bytes)
  let digits = ''
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    digits += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16)
  }
  return digits
}
