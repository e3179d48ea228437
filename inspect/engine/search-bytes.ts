const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)

/** A search pattern for bytes. */
export interface Needle {
  readonly bytes: Uint8Array
  /** Whether the letters A to Z also match a to z. */
  readonly anyCase: boolean
}

/** The bytes of a text, in any case. */
export const needleOfText = (text: string): Needle => ({
  bytes: new TextEncoder().encode(text).map(lower),
  anyCase: true,
})

const isAt = (bytes: Uint8Array, at: number, { bytes: wanted, anyCase }: Needle): boolean => {
  for (let i = 0; i < wanted.length; i++) {
    const byte = bytes[at + i] as number
    if ((anyCase ? lower(byte) : byte) !== wanted[i]) {
      return false
    }
  }
  return true
}

/** The first match from `from` on, up or down, before `to`; -1 if there is none. */
export const placeOf = (bytes: Uint8Array, needle: Needle, from: number, to: number, by: 1 | -1): number => {
  const last = bytes.length - needle.bytes.length
  for (let at = Math.min(from, by === 1 ? from : last); at !== to && at >= 0 && at <= last; at += by) {
    if (isAt(bytes, at, needle)) {
      return at
    }
  }
  return -1
}
