import type { Side } from '../events.js'
import type { Packet } from './packet.js'

/** The connection and side of a packet, and its bytes. */
export interface Heard {
  readonly connection: number
  readonly side: Side
  readonly bytes: Uint8Array
  /** Whether the connection begins with it; the earlier one of its client is over. */
  readonly begins: boolean
  readonly before: number | null
}

const headerSize = 16

// `cxin`, the first bytes of a client.
const hello = [0x63, 0x78, 0x69, 0x6e, 0, 0, 0, 0]

const isHello = (bytes: Uint8Array): boolean => hello.every((byte, at) => bytes[at] === byte)

// A client sends its magic alone, or with its version.
const helloSizes: ReadonlySet<number> = new Set([8, 16])

/** The most clients that are remembered. */
export const mostClients = 65_536

/**
 * Assigns the packets of sockdump to connections. Each packet has its receiving and its sending process, big endian,
 * eight bytes each, and then the bytes. A connection is identified by the process that sent a client's magic; another
 * magic of that process begins the next one. Packets before a magic belong to none.
 */
export class SockdumpSorter {
  readonly #clients = new Map<bigint, number>()
  #count = 0

  get full(): boolean {
    return this.#clients.size >= mostClients
  }

  /** Null for a packet of no known connection. */
  sort({ data }: Packet): Heard | null {
    if (data.length < headerSize) {
      return null
    }
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const to = view.getBigUint64(0)
    const from = view.getBigUint64(8)
    const bytes = data.subarray(headerSize)
    const before = this.#clients.get(from) ?? null
    if (isHello(bytes) && (before === null || helloSizes.has(bytes.length))) {
      const connection = this.#count++
      this.#clients.set(from, connection)
      return { connection, side: 'client', bytes, begins: true, before }
    }
    if (before !== null) {
      return { connection: before, side: 'client', bytes, begins: false, before: null }
    }
    const connection = this.#clients.get(to)
    return connection === undefined
      ? null
      : { connection, side: 'server', bytes, begins: false, before: null }
  }
}
