import { joined } from '../bytes/joined.js'

/** The length of the frames that an encoder writes, except the last. */
const frameSize = 65536

/** Eight bytes, little endian. */
export const integerBytes = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))

/** A length, the content, and zeros up to a multiple of 8. */
export const paddedContent = (content: Uint8Array): Uint8Array =>
  joined([integerBytes(BigInt(content.length)), content, new Uint8Array(-content.length & 7)])

/** Content cut into frames like an encoder does; `first` is the length of the first one if it differs. */
export const framesOf = (content: Uint8Array, first = frameSize): Uint8Array => {
  const parts: Array<Uint8Array> = []
  let at = 0
  while (at < content.length) {
    const frame = content.subarray(at, at + (at === 0 ? first : frameSize))
    parts.push(integerBytes(BigInt(frame.length)), frame)
    at += frame.length
  }
  return joined([...parts, integerBytes(0n)])
}

/** The offset of a byte of such content in its frames; a byte after the last is in the end frame. */
export const positionInFrames = (at: number, total: number): number =>
  at === total ? at + 8 * Math.ceil(total / frameSize) : at + 8 * (Math.floor(at / frameSize) + 1)
