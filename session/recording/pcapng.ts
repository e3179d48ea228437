import type { Packet } from './packet.js'
import { damage, type Scan, type Scanning, tooLarge } from './scan.js'

// Wireshark's packets have at most 16 MiB.
const largestBlock = 16 * 2 ** 20 + 4096

// Each interface is kept in memory, so a file must not decide their number alone.
const mostInterfaces = 65_536

export const sectionHeader = 0x0a0d0d0a
const byteOrderMagic = 0x1a2b3c4d

interface Interface {
  readonly number: number
  readonly linkType: number
  /** The most bytes kept of a packet; 0: all of them. */
  readonly snapLength: number
  /** The units of time in a second, and the seconds to add. */
  readonly perSecond: bigint
  readonly shift: bigint
}

/** The sections of a file: each has its own interfaces and byte order. */
interface Reading {
  readonly scan: Scan
  readonly found: (packet: Packet) => void
  interfaces: Array<Interface>
  known: number
  block: number
}

/**
 * Reads the blocks of a pcapng file whose first four bytes, the type of a section header, have been read; endlessly.
 * Section header, interface, packet, simple and enhanced packet blocks are read, others skipped.
 */
export function* readPcapng(scan: Scan, found: (packet: Packet) => void): Scanning<never> {
  const reading: Reading = { scan, found, interfaces: [], known: 0, block: 0 }
  yield* readSection(reading)
  for (;;) {
    reading.block++
    const start = scan.begin()
    const type = yield* scan.u32()
    if (type === sectionHeader) {
      yield* readSection(reading)
    } else {
      yield* readBlock(reading, type, start)
    }
  }
}

function* readSection(reading: Reading): Scanning<void> {
  const { scan, block } = reading
  const start = scan.offset
  const head = yield* scan.bytes(8)
  scan.littleEndian = true
  if (scan.u32In(head, 4) !== byteOrderMagic) {
    scan.littleEndian = false
  }
  if (scan.u32In(head, 4) !== byteOrderMagic) {
    throw damage(
      'UnexpectedValue',
      start + 4,
      [block, 'byteOrder'],
      'the byte order magic 0x1a2b3c4d, in either order',
      `0x${scan.u32In(head, 4).toString(16)}`,
    )
  }
  const length = scan.u32In(head, 0)
  checkLength(reading, length, 28, start)
  const versions = yield* scan.bytes(4)
  if (scan.u16In(versions, 0) !== 1) {
    throw damage(
      'UnexpectedValue',
      scan.offset - 4,
      [block, 'version'],
      'version 1 of pcapng',
      `version ${scan.u16In(versions, 0)}`,
    )
  }
  reading.interfaces = []
  yield* scan.skip(length - 20)
  yield* readEnd(reading, length)
}

const checkLength = ({ block }: Reading, length: number, least: number, offset: number): void => {
  if (length < least || length % 4 !== 0) {
    throw damage(
      'InvalidValue',
      offset,
      [block, 'length'],
      `a multiple of 4, at least ${least}`,
      String(length),
    )
  }
}

/** Reads the length that is repeated at the end. */
function* readEnd({ scan, block }: Reading, length: number): Scanning<void> {
  const again = yield* scan.u32()
  if (again !== length) {
    throw damage(
      'UnexpectedValue',
      scan.offset - 4,
      [block, 'lengthAgain'],
      `the length of the block once more, ${length}`,
      String(again),
    )
  }
}

/** The smallest size of the body of each block that is read. */
const leastBodies: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 20],
  [3, 4],
  [6, 20],
])

function* readBlock(reading: Reading, type: number, start: number): Scanning<void> {
  const { scan, block } = reading
  const length = yield* scan.u32()
  const least = leastBodies.get(type)
  checkLength(reading, length, 12 + (least ?? 0), start + 4)
  if (least === undefined) {
    yield* scan.skip(length - 12)
    return yield* readEnd(reading, length)
  }
  if (length > largestBlock) {
    throw tooLarge('string', start + 4, [block, 'length'], largestBlock, `a block of ${length} bytes`)
  }
  const offset = scan.offset
  // The length after the body is read together with it, since the body is a view that is valid until the next read.
  const body = yield* scan.bytes(length - 8)
  const again = scan.u32In(body, length - 12)
  if (again !== length) {
    throw damage(
      'UnexpectedValue',
      offset + length - 12,
      [block, 'lengthAgain'],
      `the length of the block once more, ${length}`,
      String(again),
    )
  }
  readBody(reading, type, body.subarray(0, length - 12), offset)
}

const readBody = (reading: Reading, type: number, body: Uint8Array, offset: number): void => {
  switch (type) {
    case 1:
      addInterface(reading, body, offset)
      break
    case 2:
      readPacket(reading, body, offset, reading.scan.u16In(body, 0))
      break
    case 3:
      readSimple(reading, body, offset)
      break
    case 6:
      readPacket(reading, body, offset, reading.scan.u32In(body, 0))
  }
}

const addInterface = (reading: Reading, body: Uint8Array, offset: number): void => {
  const { scan, block, interfaces } = reading
  if (reading.known === mostInterfaces) {
    throw tooLarge('collection', offset, [block], mostInterfaces, 'one interface more')
  }
  let perSecond = 1_000_000n
  let shift = 0n
  for (const { code, value } of optionsOf(reading, body, 8, offset)) {
    if (code === 9 && value.length === 1) {
      const exponent = value[0]!
      perSecond = exponent < 128 ? 10n ** BigInt(exponent) : 2n ** BigInt(exponent - 128)
    } else if (code === 14 && value.length === 8) {
      shift = new DataView(value.buffer, value.byteOffset).getBigInt64(0, scan.littleEndian)
    }
  }
  interfaces.push({
    number: reading.known,
    linkType: scan.u16In(body, 0),
    snapLength: scan.u32In(body, 4),
    perSecond,
    shift,
  })
  reading.known++
}

/** The options at the end of a block: a number, a length, a value padded to four. */
function* optionsOf({ scan, block }: Reading, body: Uint8Array, start: number, offset: number) {
  for (let at = start; at + 4 <= body.length; ) {
    const code = scan.u16In(body, at)
    const length = scan.u16In(body, at + 2)
    if (code === 0) {
      return
    }
    if (at + 4 + length > body.length) {
      throw damage(
        'InvalidValue',
        offset + at + 2,
        [block, 'options'],
        `an option of at most ${body.length - at - 4} bytes`,
        `${length} bytes`,
      )
    }
    yield { code, value: body.subarray(at + 4, at + 4 + length) }
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
}

const interfaceOf = ({ interfaces, block }: Reading, index: number, offset: number): Interface => {
  const found = interfaces[index]
  if (found === undefined) {
    throw damage(
      'InvalidValue',
      offset,
      [block, 'interface'],
      `one of the ${interfaces.length} interfaces of the section`,
      `interface ${index}`,
    )
  }
  return found
}

const readPacket = (reading: Reading, body: Uint8Array, offset: number, index: number): void => {
  const { scan, block } = reading
  const { number, linkType, perSecond, shift } = interfaceOf(reading, index, offset)
  const kept = scan.u32In(body, 12)
  if (kept > body.length - 20) {
    throw damage(
      'InvalidValue',
      offset + 12,
      [block, 'captured'],
      `at most ${body.length - 20} bytes, as the block has`,
      `${kept} bytes`,
    )
  }
  const units = (BigInt(scan.u32In(body, 4)) << 32n) | BigInt(scan.u32In(body, 8))
  reading.found({
    interface: number,
    linkType,
    at: Number((units * 1_000_000n) / perSecond + shift * 1_000_000n) / 1000,
    data: body.subarray(20, 20 + kept),
    length: Math.max(kept, scan.u32In(body, 16)),
    offset: offset + 20,
  })
}

/**
 * Reads a simple packet: it belongs to the first interface, has no time, and is cut to the interface's limit.
 */
const readSimple = (reading: Reading, body: Uint8Array, offset: number): void => {
  const { number, linkType, snapLength } = interfaceOf(reading, 0, offset)
  const length = reading.scan.u32In(body, 0)
  const kept = Math.min(length, snapLength === 0 ? length : snapLength, body.length - 4)
  reading.found({
    interface: number,
    linkType,
    at: null,
    data: body.subarray(4, 4 + kept),
    length,
    offset: offset + 4,
  })
}
