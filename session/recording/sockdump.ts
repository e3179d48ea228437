import type { Side } from '../events.js'
import type { Packet } from './packet.js'

/** Whose packet it is, and what it holds. */
export interface Heard {
  readonly connection: number
  readonly side: Side
  readonly bytes: Uint8Array
  /** Whether the connection begins with it; the one that its client had before is over. */
  readonly begins: boolean
  readonly before: number | null
}

const headerSize = 16

// `cxin`, the first bytes of a client.
const hello = [0x63, 0x78, 0x69, 0x6e, 0, 0, 0, 0]

const isHello = (bytes: Uint8Array): boolean => hello.every((byte, at) => bytes[at] === byte)

// A client sends its magic alone, or with its version.
const helloSizes: ReadonlySet<number> = new Set([8, 16])

/** How many clients are remembered. */
export const mostClients = 65_536

/**
 * Tells the connections apart in what sockdump writes. Each packet has the process that it goes to and the one that
 * it comes from, big endian, eight bytes each, and then what was sent. A connection is known by the process that said
 * a client's hello; another hello of that process begins the next one. What was said before a hello belongs to none.
 */
export class SockdumpSorter {
  readonly #clients = new Map<bigint, number>()
  #count = 0

  get full(): boolean {
    return this.#clients.size >= mostClients
  }

  /** Null for what belongs to no connection that is known. */
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
