import { clip } from '../../combinators/show.js'
import { visible } from '../../interpreters/dissect/brief.js'

// Colours and other escape sequences, which daemons put into their messages. A sequence cut off at the end counts too.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are looked for
const escapeSequence = /\u001b\[[0-9;?]*[ -/]*(?:[@-~]|$)/g

/** A text of a peer without control characters and escape sequences, cut to that many characters. */
export const plain = (text: string, most: number = Number.POSITIVE_INFINITY): string =>
  visible(clip(text, most).replace(escapeSequence, ''))

/** The most characters of a text in a row, and for screen readers. */
export const longestInRow = 400

/** The start of a text, for a row. */
export const inRow = (text: string): string => clip(text, longestInRow)

/** The start of a text of a peer, for a row. */
export const plainInRow = (text: string): string => inRow(plain(text, longestInRow))

/** The most characters of a value that are shown without a request for all of it. */
const longestDetails = 65536

/** A text, and how many characters after it are left out. */
export interface Details {
  readonly text: string
  readonly omitted: number
}

/** The start of a long text, or all of it. */
export const detailsOf = (text: string, all: boolean): Details =>
  all || text.length <= longestDetails
    ? { text, omitted: 0 }
    : { text: text.slice(0, longestDetails), omitted: text.length - longestDetails }
