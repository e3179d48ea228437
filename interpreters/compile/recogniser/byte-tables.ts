/** Tables that show with one look-up whether bytes belong to a class: 0 if they do. */

export const codesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const makeSingle = (alphabet: string): Uint8Array => {
  const table = new Uint8Array(256).fill(1)
  for (const code of codesOf(alphabet)) {
    table[code] = 0
  }
  return table
}

/** For two bytes at once, the first in the low half, as in a 16-bit load. */
const makePair = (alphabet: string): Uint8Array => {
  const single = bytesOutside(alphabet)
  const table = new Uint8Array(65536)
  for (let second = 0; second < 256; second++) {
    if (single[second] === 0) {
      table.set(single, second * 256)
    } else {
      table.fill(1, second * 256, second * 256 + 256)
    }
  }
  return table
}

// All codecs share the tables; a program has a fixed number of formats, so also of alphabets.
const kept = (make: (alphabet: string) => Uint8Array): ((alphabet: string) => Uint8Array) => {
  const tables = new Map<string, Uint8Array>()
  return (alphabet) => {
    const known = tables.get(alphabet)
    if (known !== undefined) {
      return known
    }
    const table = make(alphabet)
    tables.set(alphabet, table)
    return table
  }
}

/** 256 entries; not 0 for a byte outside the alphabet. */
export const bytesOutside: (alphabet: string) => Uint8Array = kept(makeSingle)

/** 65,536 entries; not 0 for a pair of bytes of which one is outside the alphabet. */
export const pairsOutside: (alphabet: string) => Uint8Array = kept(makePair)
