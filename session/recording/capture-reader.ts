import type { Issue } from '../../combinators/issue.js'
import type { Packet } from './packet.js'
import { pcapUnits, readPcap } from './pcap.js'
import { readPcapng, sectionHeader } from './pcapng.js'
import { cutOff, Damage, damage, Scan, type Scanning } from './scan.js'

/** Reads the packets of a pcapng or pcap file as its bytes come. At most one incomplete block is buffered. */
export class CaptureReader {
  /** The issue of the file, if there is one; reading ends there. Offsets count from its start. */
  issue: Issue | null = null
  readonly #scan = new Scan()
  readonly #reading: Scanning<never>
  #found: Array<Packet> = []
  #wanted: number

  constructor() {
    this.#reading = read(this.#scan, (packet) => this.#found.push(packet))
    this.#wanted = this.#step()
  }

  /** The packets that are complete now. Their data are valid until the next call. */
  push(bytes: Uint8Array): ReadonlyArray<Packet> {
    if (this.issue !== null) {
      return []
    }
    const { window } = this.#scan
    window.push(bytes)
    this.#found = []
    try {
      while (window.unread >= this.#wanted) {
        this.#wanted = this.#step()
      }
    } catch (error) {
      if (!(error instanceof Damage)) {
        throw error
      }
      this.issue = error.issue
      window.clear()
    }
    window.settle()
    return this.#found
  }

  /** Ends the file: an issue if it ends in the middle of a block. */
  end(): Issue | null {
    const { start, offset, window } = this.#scan
    if (this.issue === null && (offset !== start || window.unread > 0)) {
      this.issue = cutOff(Math.max(0, start), this.#wanted - window.unread)
    }
    return this.issue
  }

  #step(): number {
    return this.#reading.next().value
  }
}

function* read(scan: Scan, found: (packet: Packet) => void): Scanning<never> {
  const magic = yield* scan.bytes(4)
  if (scan.u32In(magic, 0) === sectionHeader) {
    return yield* readPcapng(scan, found)
  }
  const units = pcapUnits(scan, magic)
  if (units === null) {
    throw damage(
      'UnexpectedValue',
      0,
      [],
      'the first bytes of a pcapng or pcap file',
      Array.from(magic, (byte) => byte.toString(16).padStart(2, '0')).join(' '),
    )
  }
  return yield* readPcap(scan, units, found)
}
