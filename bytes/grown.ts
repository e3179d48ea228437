/**
 * A longer array that begins with the first `used` bytes of this one and has room for `needed`. It is at least twice
 * as long, so that growing step by step copies each byte a few times, but never longer than `most`.
 */
export const grown = (
  bytes: Uint8Array,
  used: number,
  needed: number,
  { least = 0, most = Number.POSITIVE_INFINITY }: { readonly least?: number; readonly most?: number } = {},
): Uint8Array => {
  const longer = new Uint8Array(Math.min(most, Math.max(needed, 2 * bytes.length, least)))
  longer.set(bytes.subarray(0, used))
  return longer
}
