import { bytesOf } from '../../bytes/hex.js'

/** The bytes of hex digits, with or without spaces and `0x`; null for any other text. */
export const hexBytes = (text: string): Uint8Array | null => {
  const digits = text.replace(/0x|[\s,]/gi, '')
  return digits.length > 0 && digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits) ? bytesOf(digits) : null
}
