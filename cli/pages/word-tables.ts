import { hexOf } from '../../bytes/hex.js'
import type { Protocol } from '../../combinators/protocol.js'

/** An exported word and a sentence about it. */
interface Told {
  readonly word: string
  readonly line: string
}

/** A text as code, in the cell of a table. */
export const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

/** Bytes as code, in groups of eight, the unit of the wire. */
export const codeOfBytes = (bytes: Uint8Array): string =>
  code((hexOf(bytes).match(/.{1,16}/g) ?? []).join(' '))

/** A table in Markdown. */
export const tableOf = (
  heads: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): ReadonlyArray<string> =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)

/** The table of functions without an example. */
export const helperTable = (words: ReadonlyArray<Told>): ReadonlyArray<string> =>
  tableOf(
    ['function', 'what it gives'],
    words.map(({ word, line }) => [code(word), line]),
  )

/** A group of words: its title, what they have in common, and their table. */
export const groupSection = (title: string, about: string, table: ReadonlyArray<string>): string =>
  [`## ${title}`, '', about, '', ...table].join('\n')

/** The protocol of an example, below it in a cell. */
export const underOf = ({ version, features = [] }: Partial<Protocol>): string =>
  `<br>under ${[version, ...features].join(', ')}`
