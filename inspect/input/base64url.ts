import { isLeft } from 'fp-ts/lib/Either.js'
import { decodeBase64, encodeBase64 } from '../../bytes/base64.js'

/** Base64 with characters that URLs leave unchanged, for links. */
export const toBase64url = (bytes: Uint8Array): string =>
  encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** Null if it is not base64. */
export const fromBase64url = (text: string): Uint8Array | null => {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    return null
  }
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
  return isLeft(bytes) ? null : bytes.right
}
