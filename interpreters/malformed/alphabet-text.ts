/** The first and the last character of a run of neighbours. */
type Range = readonly [first: number, last: number]

const ascii = Array.from({ length: 0x80 }, (_, code) => code)

/**
 * The characters of an alphabet, all of them: neighbours as a range, such as `0-9 a-z + -`. Of most of ASCII, those are
 * named that are not in it.
 */
export const alphabetText = (alphabet: string): string => {
  const codes = [...new Set(alphabet)].map((each) => each.codePointAt(0)!).sort((a, b) => a - b)
  const others = ascii.filter((code) => !codes.includes(code))
  return others.length < ascii.length / 4 && codes.length + others.length === ascii.length
    ? `ASCII${others.length === 0 ? '' : ` except ${inRanges(others)}`}`
    : inRanges(codes)
}

const inRanges = (codes: ReadonlyArray<number>): string =>
  rangesOf(codes)
    .flatMap(([first, last]) =>
      last - first < 2
        ? Array.from({ length: last - first + 1 }, (_, i) => shown(first + i))
        : [`${shown(first)}-${shown(last)}`],
    )
    .join(' ')

/** The characters in order, divided so that a range has only digits, only letters of one case, or none of them. */
const rangesOf = (codes: ReadonlyArray<number>): ReadonlyArray<Range> => {
  const ranges: Array<Range> = []
  for (const code of codes) {
    const [first, last] = ranges.at(-1) ?? [Number.NaN, Number.NaN]
    if (code === last + 1 && kindOf(code) === kindOf(last)) {
      ranges[ranges.length - 1] = [first, code]
    } else {
      ranges.push([code, code])
    }
  }
  return ranges
}

/** Printable signs stand alone: no reader knows their order. */
const kindOf = (code: number): string | number => {
  const character = String.fromCodePoint(code)
  return /[0-9]/.test(character)
    ? 'digit'
    : /[a-z]/.test(character)
      ? 'small'
      : /[A-Z]/.test(character)
        ? 'capital'
        : isPrintable(code)
          ? code
          : 'other'
}

const isPrintable = (code: number): boolean => code > 0x20 && code < 0x7f

const shown = (code: number): string =>
  isPrintable(code) ? String.fromCodePoint(code) : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
