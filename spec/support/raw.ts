// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const colour = /\x1b\[[0-9;:]*m/g

const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu

/**
 * The control and invisible characters in an output, except line breaks, tabs and, on a terminal, colours.
 */
export const rawIn = (text: string, coloured = false): ReadonlyArray<string> =>
  [...(coloured ? text.replace(colour, '') : text).matchAll(hidden)].map(
    ([character]) => `U+${character.codePointAt(0)?.toString(16)}`,
  )
