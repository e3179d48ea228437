import type { Transform } from 'node:stream'

/** A kind of compression. */
export interface Compression {
  readonly name: string
  /** The program that unpacks it. */
  readonly program: string
  /** Its first bytes; none for brotli, which has no magic. */
  readonly head: ReadonlyArray<number>
  /** Unpacks it, if Node can. */
  readonly unpack?: (() => Transform) | undefined
  /** The first version of Node that can, if newer than the oldest supported one. */
  readonly since?: string
}

// The size in which files are read.
const chunkSize = 256 * 1024

// Most files are not compressed, and Node takes milliseconds to load this.
const zlib = () => process.getBuiltinModule('node:zlib')

type Zstd = (options: { readonly chunkSize: number }) => Transform

// The types and the oldest supported Node lack it.
const zstd = (): Zstd | undefined => (zlib() as { readonly createZstdDecompress?: Zstd }).createZstdDecompress

export const gzip: Compression = {
  name: 'gzip',
  program: 'gzip',
  head: [0x1f, 0x8b, 0x08],
  unpack: () => zlib().createGunzip({ chunkSize }),
}

/** Recognised only by a file name that ends in `.br`. */
export const brotli: Compression = {
  name: 'brotli',
  program: 'brotli',
  head: [],
  unpack: () => zlib().createBrotliDecompress({ chunkSize }),
}

/** The kinds with a magic. */
const marked: ReadonlyArray<Compression> = [
  { name: 'xz', program: 'xz', head: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  {
    name: 'zstd',
    program: 'zstd',
    head: [0x28, 0xb5, 0x2f, 0xfd],
    get unpack() {
      const make = zstd()
      return make && (() => make({ chunkSize }))
    },
    since: '22.15',
  },
  gzip,
  { name: 'bzip2', program: 'bzip2', head: [0x42, 0x5a, 0x68] },
  { name: 'lzip', program: 'lzip', head: [0x4c, 0x5a, 0x49, 0x50] },
  { name: 'lz4', program: 'lz4', head: [0x04, 0x22, 0x4d, 0x18] },
]

const longestHead = marked.reduce((most, { head }) => Math.max(most, head.length), 0)

/** The compression that bytes begin with; undefined if more bytes are needed to tell. */
export const compressionOf = (bytes: Uint8Array): Compression | null | undefined => {
  const begins = marked.filter(({ head }) => head.every((byte, i) => i >= bytes.length || bytes[i] === byte))
  const whole = begins.find(({ head }) => head.length <= bytes.length)
  return whole ?? (begins.length === 0 || bytes.length >= longestHead ? null : undefined)
}

/** A description, with the command that unpacks it for one of our commands. */
export const describeCompression = (
  { name, program, since, unpack }: Compression,
  command: string,
): string => {
  const why =
    since === undefined || unpack !== undefined
      ? ''
      : `, which Node reads from ${since} on and this is ${process.version.slice(1)}`
  return `compressed with ${name}${why}: \`${program} -dc FILE | nix-wire ${command} …\` reads it`
}
