/** The number in eight bytes; null if there are fewer. */
export const numberAt = (bytes: Uint8Array, at = 0): bigint | null =>
  bytes.length < at + 8
    ? null
    : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at, true)
