/** A word quoted for any shell. */
export const quoteWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The same, without quotes if it needs none. */
export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : quoteWord(text))
