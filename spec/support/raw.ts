// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const colour = /\x1b\[[0-9;:]*m/g

const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu

/** What stands in an output that steers a terminal or is not seen, line breaks, tabs and, on a terminal, colours apart. */
export const rawIn = (text: string, coloured = false): ReadonlyArray<string> =>
  [...(coloured ? text.replace(colour, '') : text).matchAll(hidden)].map(
    ([character]) => `U+${character.codePointAt(0)?.toString(16)}`,
  )
