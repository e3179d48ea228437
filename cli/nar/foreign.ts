import { compressionOf, describeCompression } from '../compression/kinds.js'

// Version 1: the mark of another path and the length of an archive's first word. Version 2: the magic `NARIO2`.
const exports: ReadonlyArray<ReadonlyArray<number>> = [
  [1, 0, 0, 0, 0, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0],
  [0x4e, 0x41, 0x52, 0x49, 0x4f, 0x32, 0, 0],
]

/** The kind of bytes that are not an archive; null if it is not known. */
export const describeForeign = (bytes: Uint8Array): string | null => {
  const compression = compressionOf(bytes)
  if (compression) {
    return `it is ${describeCompression(compression, 'nar')}`
  }
  return exports.some((head) => head.every((byte, i) => bytes[i] === byte))
    ? 'it is an export of store paths (`nix-store --export`): `nix-wire export ls FILE` lists it'
    : null
}
