import { stripVTControlCharacters } from 'node:util'

const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text of others on one line: without escape sequences, and what else steers a terminal, or turns letters around, escaped. */
export const harmless = (text: string): string =>
  stripVTControlCharacters(text).replace(unseen, (character) => {
    const code = character.charCodeAt(0)
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })

/** The same on its lines. */
const harmlessLines = (text: string): string =>
  text
    .split(/(\r?\n|\t)/)
    .map((part, i) => (i % 2 === 0 ? harmless(part) : part === '\t' ? part : '\n'))
    .join('')

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about one
const colour = /(\x1b\[[0-9;:]*m)/

/** The same with its colours, which end with it. */
const colouredLines = (text: string): string => {
  const parts = text.split(colour)
  const shown = parts.map((part, i) => (i % 2 === 0 ? harmlessLines(part) : part)).join('')
  return parts.length === 1 ? shown : `${shown}\x1b[0m`
}

/** Text of others for standard error. Colours are for terminals only: the daemon does not know where its words end up. */
export const forErrors = (text: string): string =>
  process.stderr.isTTY === true ? colouredLines(text) : harmlessLines(text)
