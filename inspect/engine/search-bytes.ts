const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)

/** What is looked for in bytes. */
export interface Needle {
  readonly bytes: Uint8Array
  /** Whether the letters A to Z are as good as a to z. */
  readonly anyCase: boolean
}

/** The text as the wire has it, in any case. */
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

/** The first place from `from` on, up or down, before `to`; -1 if there is none. */
export const placeOf = (bytes: Uint8Array, needle: Needle, from: number, to: number, by: 1 | -1): number => {
  const last = bytes.length - needle.bytes.length
  for (let at = Math.min(from, by === 1 ? from : last); at !== to && at >= 0 && at <= last; at += by) {
    if (isAt(bytes, at, needle)) {
      return at
    }
  }
  return -1
}
