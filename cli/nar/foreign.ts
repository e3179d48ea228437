interface Foreign {
  /** What it is. */
  readonly name: string
  /** What makes an archive of it, or takes it as it is. */
  readonly advice: string
  readonly head: ReadonlyArray<number>
}

const compressed = (name: string, program: string, ...head: ReadonlyArray<number>): Foreign => ({
  name: `compressed with ${name}`,
  advice: `\`${program} -dc FILE | nix-wire nar …\` reads it`,
  head,
})

/** What is taken for an archive, by its first bytes. */
const kinds: ReadonlyArray<Foreign> = [
  compressed('xz', 'xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00),
  compressed('zstd', 'zstd', 0x28, 0xb5, 0x2f, 0xfd),
  compressed('gzip', 'gzip', 0x1f, 0x8b),
  compressed('bzip2', 'bzip2', 0x42, 0x5a, 0x68),
  compressed('lzip', 'lzip', 0x4c, 0x5a, 0x49, 0x50),
  compressed('lz4', 'lz4', 0x04, 0x22, 0x4d, 0x18),
  {
    name: 'an export of store paths (`nix-store --export`)',
    advice: '`nix-store --import < FILE` reads it',
    // One more path, and the length of an archive's first word.
    head: [1, 0, 0, 0, 0, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0],
  },
]

/** What bytes are that begin no archive; null where it is not known. */
export const describeForeign = (bytes: Uint8Array): string | null => {
  const kind = kinds.find(({ head }) => head.every((byte, i) => bytes[i] === byte))
  return kind === undefined ? null : `it is ${kind.name}: ${kind.advice}`
}
