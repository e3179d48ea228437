import type { Packet } from './packet.js'
import { type Scan, type Scanning, tooLarge } from './scan.js'

const largestPacket = 16 * 2 ** 20

/**
 * The magics of the older format, in either byte order, with the fraction of a second in which times count.
 */
const magics: ReadonlyMap<number, number> = new Map([
  [0xa1b2c3d4, 1e6],
  [0xa1b23c4d, 1e9],
])

/** How times count in a file with these first four bytes; null for another kind of file. */
export const pcapUnits = (scan: Scan, magic: Uint8Array): number | null => {
  for (const littleEndian of [true, false]) {
    scan.littleEndian = littleEndian
    const units = magics.get(scan.u32In(magic, 0))
    if (units !== undefined) {
      return units
    }
  }
  return null
}

/** Reads the packets of a pcap file after its magic, endlessly. */
export function* readPcap(scan: Scan, units: number, found: (packet: Packet) => void): Scanning<never> {
  const head = yield* scan.bytes(20)
  // The upper bits are the length of a frame's checksum.
  const linkType = scan.u32In(head, 16) & 0xffff
  for (let index = 0; ; index++) {
    const start = scan.begin()
    const about = yield* scan.bytes(16)
    const seconds = scan.u32In(about, 0)
    const parts = scan.u32In(about, 4)
    const kept = scan.u32In(about, 8)
    const length = scan.u32In(about, 12)
    if (kept > largestPacket) {
      throw tooLarge('string', start + 8, [index, 'captured'], largestPacket, `a packet of ${kept} bytes`)
    }
    const offset = scan.offset
    found({
      interface: 0,
      linkType,
      at: seconds * 1000 + Math.floor((parts / units) * 1e6) / 1000,
      data: yield* scan.bytes(kept),
      length: Math.max(kept, length),
      offset,
    })
  }
}
