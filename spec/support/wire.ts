/** Bytes written by hand, sharing nothing with the encoder. */
export const concat = (...parts: ReadonlyArray<Uint8Array>): Uint8Array =>
  new Uint8Array(Buffer.concat(parts))

/** Eight bytes, little endian. */
export const int = (value: number | bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}

/** Length, content and zeros up to a multiple of 8. */
export const padded = (content: string | Uint8Array): Uint8Array => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  return concat(int(bytes.length), bytes, new Uint8Array((8 - (bytes.length % 8)) % 8))
}

/** The same bytes with one of them replaced. */
export const withByte = (bytes: Uint8Array, at: number, byte: number): Uint8Array => {
  const changed = bytes.slice()
  changed[at] = byte
  return changed
}

/** A cast for values of no type that the encoder knows. */
export const wrong = (value: unknown): never => value as never
