import fc from 'fast-check'

const surrogates = { first: 0xd800, count: 0x800 }

/** Any code point but surrogates. fast-check's own `binary` puts all of them into a map of 84 MB. */
const anyCharacter: fc.Arbitrary<string> = fc.nat(0x10ffff - surrogates.count).map(
  (at) => String.fromCodePoint(at < surrogates.first ? at : at + surrogates.count),
  (text) => {
    const point = typeof text === 'string' && text.isWellFormed() ? text.codePointAt(0) : undefined
    if (point === undefined || String.fromCodePoint(point) !== text) {
      throw new Error('not one character')
    }
    return point < surrogates.first ? point : point - surrogates.count
  },
)

/** Any text that is valid Unicode. */
export const anyText = (constraints: Omit<fc.StringConstraints, 'unit'> = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: anyCharacter })
