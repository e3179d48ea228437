import { joined } from '../../bytes/joined.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { versionBits } from '../../combinators/version.js'
import type { Side } from '../events.js'
import { packetHead } from './exported-pdu.js'
import type { PacketHeader } from './header.js'
import { linkTypes } from './packet.js'
import type { Ending } from './step.js'

// Wireshark rejects packets of more than 256 KiB; this leaves room for the headers.
const longestPart = 2 ** 17

// Shorter bytes are copied into their packet: fewer pieces to write.
const shortestPiece = 2 ** 12

const events: { readonly [E in Ending]: PacketHeader['event'] } = {
  closed: 'Ended',
  brokeOff: 'BrokeOff',
  stopped: 'Stopped',
}

/** What is known about bytes besides their side. */
export interface PacketAbout {
  readonly part: PacketHeader['part']
  readonly version: ProtocolVersion | null
  readonly features: ReadonlyArray<string>
  readonly operation: string
  readonly type: string
}

const unknown: PacketAbout = { part: 'Unknown', version: null, features: [], operation: '', type: '' }

/**
 * Writes the recording of one connection as a pcapng file, for Wireshark and `nix-wire session`: little endian, one
 * section, one interface of link type 252, and a packet for each call. Times are in microseconds. Its methods return
 * the file piece by piece; it buffers nothing.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { RecordingReader, RecordingWriter } from 'nix-wire/session'
 *
 * const writer = new RecordingWriter('letters')
 * const reader = new RecordingReader()
 * reader.push(writer.start()) // => []
 * const [step] = reader.push(writer.bytes('client', bytesOf('6378696e00000000'), 1_795_321_890_000.25))
 * step?.kind === 'bytes' && [step.side, step.at, step.bytes]
 * // => ['client', 1_795_321_890_000.25, bytesOf('6378696e00000000')]
 * reader.push(writer.end('client', 'closed', null)).map((each) => each.kind) // => ['end']
 * ```
 */
export class RecordingWriter {
  readonly #name: string
  readonly #offsets: { [S in Side]: number } = { client: 0, server: 0 }

  /** `name` is the name of the interface in the file. */
  constructor(name: string) {
    this.#name = name
  }

  /** The beginning of the file. */
  start(): Uint8Array {
    const section = new Uint8Array(16)
    const view = new DataView(section.buffer)
    view.setUint32(0, 0x1a2b3c4d, true)
    view.setUint16(4, 1, true)
    // The length of the section is unknown.
    section.fill(0xff, 8)
    const link = new Uint8Array(8)
    new DataView(link.buffer).setUint16(0, linkTypes.upperPdu, true)
    const name = new TextEncoder().encode(this.#name).subarray(0, 1024)
    return joined([
      block(0x0a0d0d0a, [section, option(4, new TextEncoder().encode('nix-wire')), endOfOptions]),
      block(1, [link, option(2, name), endOfOptions]),
    ])
  }

  /** Records bytes of a side. `at` is in milliseconds since 1970; null for no time. */
  bytes(side: Side, bytes: Uint8Array, at: number | null, about: PacketAbout = unknown): Uint8Array {
    return joined(this.pieces(side, bytes, at, about))
  }

  /** The same in several pieces. Long bytes are a piece, or several, of the given array: they are not copied. */
  pieces(
    side: Side,
    bytes: Uint8Array,
    at: number | null,
    about: PacketAbout = unknown,
  ): ReadonlyArray<Uint8Array> {
    const pieces: Array<Uint8Array> = []
    for (let start = 0; start < bytes.length; start += longestPart) {
      const part = bytes.subarray(start, start + longestPart)
      const isAll = part.length === bytes.length
      const of = isAll ? about : { ...about, part: partOf(about.part, start, bytes.length) }
      const packet = this.#packet(side, 'Bytes', part, at, of)
      if (part.length < shortestPiece) {
        pieces.push(whole(packet))
      } else {
        pieces.push(joined(packet.before), part, joined(packet.after))
      }
      this.#offsets[side] += part.length
    }
    return pieces
  }

  /** Leaves bytes out: the recording has a gap there. */
  skip(side: Side, bytes: number): void {
    this.#offsets[side] += bytes
  }

  /** Records the end of a side. */
  end(side: Side, how: Ending, at: number | null): Uint8Array {
    return whole(this.#packet(side, events[how], new Uint8Array(0), at, unknown))
  }

  #packet(
    side: Side,
    event: PacketHeader['event'],
    bytes: Uint8Array,
    at: number | null,
    { part, version, features, operation, type }: PacketAbout,
  ): Block {
    const header: PacketHeader = {
      side,
      event,
      offset: this.#offsets[side],
      part,
      version: version === null ? 0 : versionBits(version),
      features,
      operation,
      type,
    }
    const head = packetHead(header)
    return at === null ? simple(head, bytes) : enhanced(head, bytes, at, side)
  }
}

/** Marks a packet as the first, a middle or the last part of a message that is too long for one. */
const partOf = (part: PacketHeader['part'], start: number, length: number): PacketHeader['part'] => {
  const isFirst = start === 0 && (part === 'Whole' || part === 'First')
  const isLast = start + longestPart >= length && (part === 'Whole' || part === 'Last')
  return part === 'Unknown' ? part : isFirst ? 'First' : isLast ? 'Last' : 'Middle'
}

const simple = (packetHead: Uint8Array, bytes: Uint8Array): Block => {
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint32(0, packetHead.length + bytes.length, true)
  return around(3, [head, packetHead], bytes, [])
}

const enhanced = (packetHead: Uint8Array, bytes: Uint8Array, at: number, side: Side): Block => {
  const head = new Uint8Array(20)
  const view = new DataView(head.buffer)
  const microseconds = BigInt(Math.max(0, Math.round(at * 1000)))
  const length = packetHead.length + bytes.length
  view.setUint32(4, Number(microseconds >> 32n), true)
  view.setUint32(8, Number(microseconds & 0xffff_ffffn), true)
  view.setUint32(12, length, true)
  view.setUint32(16, length, true)
  return around(6, [head, packetHead], bytes, [padding(length), direction[side], endOfOptions])
}

const padding = (length: number): Uint8Array => new Uint8Array((4 - (length % 4)) % 4)

const option = (code: number, value: Uint8Array): Uint8Array => {
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint16(0, code, true)
  new DataView(head.buffer).setUint16(2, value.length, true)
  return joined([head, value, padding(value.length)])
}

const endOfOptions = new Uint8Array(4)

// From the point of view of the client.
const direction = {
  client: option(2, new Uint8Array([2, 0, 0, 0])),
  server: option(2, new Uint8Array([1, 0, 0, 0])),
}

/** A block of the file: its type, its length, its body, and the length again; little endian, padded to four. */
interface Block {
  readonly before: ReadonlyArray<Uint8Array>
  readonly bytes: Uint8Array
  readonly after: ReadonlyArray<Uint8Array>
}

const around = (
  type: number,
  before: ReadonlyArray<Uint8Array>,
  bytes: Uint8Array,
  after: ReadonlyArray<Uint8Array>,
): Block => {
  const inside = sizeOf(before) + bytes.length + sizeOf(after)
  const end = padding(inside)
  const head = new Uint8Array(8)
  const view = new DataView(head.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, inside + end.length + 12, true)
  return { before: [head, ...before], bytes, after: [...after, end, head.subarray(4)] }
}

const whole = ({ before, bytes, after }: Block): Uint8Array => joined([...before, bytes, ...after])

const block = (type: number, parts: ReadonlyArray<Uint8Array>): Uint8Array =>
  whole(around(type, parts, new Uint8Array(0), []))

const sizeOf = (parts: ReadonlyArray<Uint8Array>): number =>
  parts.reduce((sum, { length }) => sum + length, 0)
