import fc from 'fast-check'

/**
 * Bytes at which two orders of names differ: ends of ranges, first and last bytes of characters, whole characters.
 */
const pieces: ReadonlyArray<ReadonlyArray<number>> = [
  [0x01],
  [0x61],
  [0x7e],
  [0x7f],
  [0x80],
  [0xbf],
  [0xc2],
  [0xc2, 0x80],
  [0xdf, 0xbf],
  [0xe2, 0x82],
  [0xe2, 0x82, 0xac],
  [0xed, 0x9f, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xee, 0x80, 0x80],
  [0xef, 0xbf, 0xae],
  [0xef, 0xbf, 0xbd],
  [0xf0],
  [0xf0, 0x9f, 0x98],
  [0xf0, 0x9f, 0x98, 0x80],
  [0xf0, 0x9f, 0x98, 0x81],
  [0xf4, 0x8f, 0xbf, 0xbf],
  [0xff],
]

/** Names as bytes, UTF-8 or not, that often have the same beginning. */
export const nameBytes: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...pieces),
      fc.integer({ min: 0x30, max: 0xff }).map((byte) => [byte]),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => Buffer.from(parts.flat()))

/** The names of a directory: some in ASCII, some UTF-8, some not. */
export const directoryNames: fc.Arbitrary<ReadonlyArray<Buffer>> = fc.uniqueArray(
  nameBytes.map((name) => Buffer.concat([Buffer.from('sort-'), name])),
  { minLength: 1, maxLength: 30, selector: (name) => name.toString('hex') },
)
