/** Capture files, made byte by byte from the description of their formats, in either byte order. */
export class CaptureBytes {
  readonly #littleEndian: boolean

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
  }

  u16(value: number): Uint8Array {
    const bytes = new Uint8Array(2)
    new DataView(bytes.buffer).setUint16(0, value, this.#littleEndian)
    return bytes
  }

  u32(value: number): Uint8Array {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, value, this.#littleEndian)
    return bytes
  }

  i64(value: bigint): Uint8Array {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigInt64(0, value, this.#littleEndian)
    return bytes
  }

  option(code: number, value: Uint8Array): Uint8Array {
    return Buffer.concat([this.u16(code), this.u16(value.length), padded(value)])
  }

  block(type: number, ...parts: ReadonlyArray<Uint8Array>): Uint8Array {
    const body = padded(Buffer.concat(parts))
    const length = this.u32(body.length + 12)
    return Buffer.concat([this.u32(type), length, body, length])
  }

  section(): Uint8Array {
    return this.block(0x0a0d0d0a, this.u32(0x1a2b3c4d), this.u16(1), this.u16(0), this.i64(-1n))
  }

  interface(linkType: number, snapLength = 0, ...options: ReadonlyArray<Uint8Array>): Uint8Array {
    return this.block(1, this.u16(linkType), this.u16(0), this.u32(snapLength), ...options)
  }

  enhanced(index: number, units: bigint, data: Uint8Array, length = data.length): Uint8Array {
    const time = [this.u32(Number(units >> 32n)), this.u32(Number(units & 0xffffffffn))]
    return this.block(6, this.u32(index), ...time, this.u32(data.length), this.u32(length), padded(data))
  }

  simple(data: Uint8Array, length = data.length): Uint8Array {
    return this.block(3, this.u32(length), data)
  }

  /** The head of a pcap file, with or without nanoseconds. */
  pcap(linkType: number, magic = 0xa1b2c3d4): Uint8Array {
    const versions = [this.u16(2), this.u16(4)]
    return Buffer.concat([
      this.u32(magic),
      ...versions,
      this.u32(0),
      this.u32(0),
      this.u32(51_200),
      this.u32(linkType),
    ])
  }

  record(seconds: number, parts: number, data: Uint8Array, length = data.length): Uint8Array {
    return Buffer.concat([this.u32(seconds), this.u32(parts), this.u32(data.length), this.u32(length), data])
  }
}

const padded = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)])

/** The record of one message by sockdump: the receiver and the sender, big endian, and the message. */
export const sockdumpData = (to: number, from: number, bytes: Uint8Array): Uint8Array => {
  const head = Buffer.alloc(16)
  head.writeBigUInt64BE(BigInt(to), 0)
  head.writeBigUInt64BE(BigInt(from), 8)
  return Buffer.concat([head, bytes])
}
