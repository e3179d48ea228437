import { crc32 } from 'node:zlib'

interface Entry {
  readonly name: string
  readonly bytes: Uint8Array
}

// The earliest date of the format, so that the same files make the same archive.
const date = (1 << 5) | 1
const version = 20

/**
 * The fields that both headers of a file share: version, flags, method, time, date, checksum, sizes, length of the
 * name.
 */
const common = ({ name, bytes }: Entry): Buffer => {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(version, 0)
  fields.writeUInt16LE(date, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(bytes.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

/** A ZIP archive of files, without compression. Names are ASCII. */
export const zipOf = (entries: ReadonlyArray<Entry>): Uint8Array => {
  const parts: Array<Uint8Array> = []
  const directory: Array<Uint8Array> = []
  let at = 0
  const add = (all: Array<Uint8Array>, ...pieces: ReadonlyArray<Uint8Array>): number => {
    let size = 0
    for (const piece of pieces) {
      all.push(piece)
      size += piece.length
    }
    return size
  }
  let directorySize = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'latin1')
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directorySize += add(directory, Buffer.from('PK\x01\x02\x14\0', 'latin1'), common(entry), tail, name)
    at += add(parts, Buffer.from('PK\x03\x04', 'latin1'), common(entry), name, entry.bytes)
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directorySize, 12)
  end.writeUInt32LE(at, 16)
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]))
}
