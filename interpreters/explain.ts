import { expectBytes } from '../bytes/byte-array.js'
import { type Issue, showIssue } from '../combinators/issue.js'
import { textInPlace } from '../combinators/leading-text.js'
import { quoted } from '../combinators/show.js'

/** Bytes of an input, and the offset at which they start. */
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

/** The row with the byte, the rows before and after it, and a mark below the byte. */
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

/** The offset at which an excerpt around `offset` should start: the beginning of a row of 16 bytes. */
export const excerptStart = (offset: number): number =>
  Math.max(0, (Math.floor(offset / rowLength) - 1) * rowLength)

// The length of a text that fits beside the rows.
const textShown = 80

const checkExcerpt = (excerpt: unknown): void => {
  if (typeof excerpt !== 'object' || excerpt === null || !('bytes' in excerpt)) {
    throw new TypeError('explain takes an issue and the bytes it is about: { bytes, start: 0 }')
  }
  expectBytes('the bytes of explain', excerpt.bytes)
  if (!('start' in excerpt && typeof excerpt.start === 'number')) {
    throw new TypeError('explain needs the offset at which the bytes begin: { bytes, start: 0 }')
  }
}

/**
 * Explains an issue to people: what is wrong and where, with the bytes around it. If there is a text in the place of
 * a number, or after the end (the banner of a login, a page of HTML, an error message in the middle of a stream), it
 * is shown too, with its control characters escaped.
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
 * //   A text begins here: "HTTP/1.1 400 Bad Request". Is this a stream of the protocol, and the right place in it?
 * ```
 *
 * The excerpt may be the whole input; {@link excerptStart} says where the bytes that are shown start. Without an
 * excerpt the explanation is the one line of `showIssue`.
 */
export const explain = (issue: Issue, excerpt?: Excerpt): string => {
  if (excerpt === undefined) {
    return showIssue(issue)
  }
  checkExcerpt(excerpt)
  const at = issue.offset - excerpt.start
  const text = at < 0 ? null : textInPlace(issue, excerpt.bytes.subarray(at))
  const note =
    text === null
      ? []
      : [
          `  A text begins here: ${quoted(text, textShown)}. Is this a stream of the protocol, and the right place in it?`,
        ]
  return [showIssue(issue), ...rows(excerpt, issue.offset), ...note].join('\n')
}
