/** The explanations of notations that can stand for several things on the wire. */
const meanings: ReadonlyArray<readonly [word: RegExp, meaning: string]> = [
  [/\bList of /, 'A List is a count and that many items.'],
  [/\bSet of /, 'A Set is a count and that many items, ascending, each once.'],
  [/\bMap of /, 'A Map is a count and that many keys, each followed by its value, ascending by key.'],
  [/\bpadded /i, 'Padded bytes are their length, the bytes, and zeros up to a multiple of 8.'],
  [
    /./s,
    'Counts and lengths are eight bytes, little endian; a count is at most 2^53−1 unless stated otherwise.',
  ],
]

/** The explanations that a page needs. */
export const legendOf = (page: string): string =>
  meanings.flatMap(([word, meaning]) => (word.test(page) ? [meaning] : [])).join('\n')
