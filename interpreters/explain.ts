import { type Issue, showIssue } from '../combinators/issue.js'

/** Bytes of an input, and where they begin in it. */
export interface Excerpt {
  readonly bytes: Uint8Array
  readonly start: number
}

const rowLength = 16

const printable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f

const column = (byte: number): string => (printable(byte) ? String.fromCharCode(byte) : '.')

const address = (from: number): string => from.toString(16).padStart(8, '0')

const row = ({ bytes, start }: Excerpt, from: number): string => {
  const part = [...bytes.subarray(from - start, from - start + rowLength)]
  const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return `  ${address(from)}  ${hex.padEnd(3 * rowLength)} |${part.map(column).join('')}|`
}

/** The row with the byte, one before and one behind it, and a mark below the byte. */
const rows = (excerpt: Excerpt, offset: number): ReadonlyArray<string> => {
  const { bytes, start } = excerpt
  const end = start + bytes.length
  const at = Math.floor(offset / rowLength) * rowLength
  const mark = `  ${' '.repeat(address(at).length)}  ${'   '.repeat(offset - at)}^^`
  const fitting = [at - rowLength, at, at + rowLength].filter((from) => from >= start && from < end)
  return fitting.includes(at)
    ? fitting.flatMap((from) => (from === at ? [row(excerpt, from), mark] : [row(excerpt, from)]))
    : [...fitting.map((from) => row(excerpt, from)), '  (the input ends here)']
}

/** Where a row starts that holds the bytes around an offset; what an excerpt should begin with. */
export const excerptStart = (offset: number): number =>
  Math.max(0, (Math.floor(offset / rowLength) - 1) * rowLength)

const isNumberIssue = ({ _tag }: Issue): boolean =>
  _tag === 'OutOfRange' ||
  _tag === 'UnknownTag' ||
  _tag === 'UnexpectedValue' ||
  _tag === 'LimitExceeded' ||
  _tag === 'NotCanonical'

/** The text that eight bytes are, where all of them are text: then they were hardly meant as a number. */
const textAt = ({ bytes, start }: Excerpt, offset: number): string | null => {
  const part = [...bytes.subarray(offset - start, offset - start + 8)]
  const isText = (byte: number): boolean => printable(byte) || byte === 0x0a || byte === 0x0d || byte === 0x09
  return part.length === 8 && part.every(isText) ? String.fromCharCode(...part) : null
}

/**
 * An issue for people: what is wrong and where, with the bytes around. Where a number is really text (the banner
 * of a login, a page of HTML, an error message in the middle of a stream) it says so.
 *
 * ```ts
 * import { compile, explain } from 'nix-wire'
 * import { Int } from 'nix-wire/grammar'
 *
 * const bytes = new TextEncoder().encode('HTTP/1.1 400 Bad Request')
 * const result = compile(Int).decode(bytes)
 * if (result._tag === 'Left') {
 *   console.log(explain(result.left, { bytes, start: 0 }))
 * }
 * // prints:
 * // OutOfRange at byte 0, (top level), in Int: expected an integer from 0 to 4294967295, got 3543824036068086856
 * //   00000000  48 54 54 50 2f 31 2e 31 20 34 30 30 20 42 61 64  |HTTP/1.1 400 Bad|
 * //             ^^
 * //   00000010  20 52 65 71 75 65 73 74                          | Request|
 * //   These 8 bytes are the text "HTTP/1.1": is this a stream of the protocol, and the right place in it?
 * ```
 *
 * The excerpt may be all of the input; {@link excerptStart} tells where the bytes that are shown begin.
 */
export const explain = (issue: Issue, excerpt: Excerpt): string => {
  const text = isNumberIssue(issue) ? textAt(excerpt, issue.offset) : null
  const note =
    text === null
      ? []
      : [
          `  These 8 bytes are the text ${JSON.stringify(text)}: is this a stream of the protocol, and the right place in it?`,
        ]
  return [showIssue(issue), ...rows(excerpt, issue.offset), ...note].join('\n')
}
