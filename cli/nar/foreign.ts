import { compressionOf, describeCompression } from '../compression/kinds.js'

// One more path, and the length of an archive's first word.
const exported: ReadonlyArray<number> = [1, 0, 0, 0, 0, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0]

/** What bytes are that begin no archive; null where it is not known. */
export const describeForeign = (bytes: Uint8Array): string | null => {
  const compression = compressionOf(bytes)
  if (compression) {
    return `it is ${describeCompression(compression, 'nar')}`
  }
  return exported.every((byte, i) => bytes[i] === byte)
    ? 'it is an export of store paths (`nix-store --export`): `nix-store --import < FILE` reads it'
    : null
}
