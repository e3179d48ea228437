/** Base64 of bytes; the binary string in between is made in pieces, since a call takes only so many arguments. */
export const toBase64 = (bytes: Uint8Array): string => {
  const pieces: Array<string> = []
  for (let from = 0; from < bytes.length; from += 8192) {
    pieces.push(String.fromCharCode(...bytes.subarray(from, from + 8192)))
  }
  return btoa(pieces.join(''))
}

/** The bytes of canonical base64; null for anything else. */
export const fromBase64 = (text: string): Uint8Array | null => {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    return toBase64(bytes) === text ? bytes : null
  } catch {
    return null
  }
}
