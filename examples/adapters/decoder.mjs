// A decoder and an encoder of List<UInt64>. Put yours here.

export class Refusal extends Error {
  constructor(offset, message) {
    super(message)
    this.offset = offset
  }
}

export const decode = (bytes) => {
  const integer = (at) => {
    if (bytes.length - at < 8) throw new Refusal(at, 'expected 8 bytes')
    return bytes.readBigUInt64LE(at)
  }
  const count = integer(0)
  if (count > BigInt(bytes.length >> 3)) throw new Refusal(0, 'more items than bytes')
  const items = Array.from({ length: Number(count) }, (_, i) => integer(8 + 8 * i))
  const end = 8 + 8 * items.length
  if (end !== bytes.length) throw new Refusal(end, 'bytes behind the list')
  return items
}

export const encode = (items) => Buffer.from(BigUint64Array.from([BigInt(items.length), ...items]).buffer)
