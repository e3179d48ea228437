import { numberAt } from '../../bytes/number-at.js'

const narMagic = 13n
const narName = 'nix-archive-1'
const narioMagic = 0x324f4952414en

const isArchive = (bytes: Uint8Array, at: number): boolean =>
  numberAt(bytes, at) === narMagic && hasText(bytes, at + 8, narName)

const hasText = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0))

/** The grammar of bytes that begin with its magic, and the name of their kind. */
export const markedType = (bytes: Uint8Array): { readonly type: string; readonly what: string } | null =>
  isArchive(bytes, 0)
    ? { type: 'Nar', what: 'an archive (NAR)' }
    : numberAt(bytes) === 1n && isArchive(bytes, 8)
      ? { type: 'ImportPaths', what: 'an export of store paths' }
      : numberAt(bytes) === narioMagic
        ? { type: 'Nario', what: 'an export of store paths, version 2 (NARIO2)' }
        : null

/** A compression, the program that unpacks it, and its magic. */
interface Packing {
  readonly name: string
  readonly head: ReadonlyArray<number>
}

const packings: ReadonlyArray<Packing> = [
  { name: 'gzip', head: [0x1f, 0x8b, 0x08] },
  { name: 'xz', head: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'zstd', head: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'bzip2', head: [0x42, 0x5a, 0x68] },
  { name: 'lzip', head: [0x4c, 0x5a, 0x49, 0x50] },
  { name: 'lz4', head: [0x04, 0x22, 0x4d, 0x18] },
]

/** The compression of bytes; the name is also that of the program. */
export const packingOf = (bytes: Uint8Array): string | null =>
  packings.find(({ head }) => head.every((byte, i) => bytes[i] === byte))?.name ?? null

export const isNarInfo = (bytes: Uint8Array): boolean => hasText(bytes, 0, 'StorePath: /')

/** Whether bytes may be JSON, as which few messages begin. */
export const isJson = (bytes: Uint8Array): boolean =>
  /^\s*[[{"]/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 64))) &&
  !bytes.subarray(0, 64).includes(0)
