import { isLeft } from 'fp-ts/lib/Either.js'
import { joined } from '../../bytes/joined.js'
import { compile } from '../../interpreters/compile/index.js'
import { PacketHeader } from './header.js'

// Wireshark's tags for a packet that another program has unwrapped; numbers and lengths are big endian.
const endOfTags = 0
const dissectorName = 12

// `nix`.
const ours = [0x6e, 0x69, 0x78]

/** Names the dissector: tag 12 with four bytes `nix\0`; then the end tag. */
const tags = new Uint8Array([0, dissectorName, 0, 4, ...ours, 0, 0, endOfTags, 0, 0])

const codec = compile(PacketHeader, {}, { limits: { message: 65_536 } })

/** The data of a packet of link type 252 before the protocol's bytes: the name of the dissector, and the header. */
export const packetHead = (header: PacketHeader): Uint8Array => {
  const encoded = codec.encode(header)
  if (isLeft(encoded)) {
    throw new RangeError(`no header of a packet: ${encoded.left.expected}`)
  }
  return joined([tags, encoded.right])
}

/** Where the dissector's data begin in a packet of link type 252; null if it is for another dissector. */
export const ourData = (data: Uint8Array): number | null => {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let isOurs = false
  for (let at = 0; at + 4 <= data.length; ) {
    const tag = view.getUint16(at)
    const length = view.getUint16(at + 2)
    at += 4 + length
    if (tag === endOfTags) {
      return isOurs && at <= data.length ? at : null
    }
    if (tag === dissectorName && at <= data.length) {
      isOurs = isOurName(data.subarray(at - length, at))
    }
  }
  return null
}

/** Whether a name with its padding is ours. */
const isOurName = (name: Uint8Array): boolean =>
  ours.every((byte, i) => name[i] === byte) && name.subarray(ours.length).every((byte) => byte === 0)

/** The header at an offset of a packet, and where the bytes after it begin. */
export const headerAt = (data: Uint8Array, at: number) => codec.decodeAt(data, at)
