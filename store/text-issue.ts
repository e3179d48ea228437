import { type Either, mapLeft } from 'fp-ts/lib/Either.js'
import { encodeEscaped } from '../bytes/escaped.js'
import { type FieldPath, type InvalidText, showFieldPath } from '../combinators/issue.js'
import { clip, quoted } from '../combinators/show.js'
import type { TextIssue } from '../combinators/text-format.js'

/**
 * An issue of one of the texts beside the wire. Line and column count from 1, the column in bytes; `offset` and
 * `position` are that byte, from 0.
 */
export interface StoreTextIssue extends InvalidText {
  readonly line: number
  readonly column: number
}

/** An issue in a text of several fields, with the field. */
export interface FieldIssue extends TextIssue {
  readonly path: FieldPath
}

const shown = 24

const bytesBefore = (text: string, index: number): number => encodeEscaped(text.slice(0, index)).length

/** The characters at a place of a text. */
const describe = (text: string, index: number): string =>
  index >= text.length
    ? 'the end of the text'
    : `${quoted(text.slice(index, index + shown))}${index + shown < text.length ? '…' : ''}`

/** An issue at a UTF-16 unit of a text. */
export const issueAt = (text: string, index: number, path: FieldPath, expected: string): FieldIssue => ({
  position: bytesBefore(text, index),
  path,
  expected,
  actual: describe(text, index),
})

/** The result for a part of a text, with its place in the text. */
export const within = <A>(
  text: string,
  start: number,
  path: FieldPath,
  read: Either<TextIssue, A>,
): Either<FieldIssue, A> =>
  mapLeft(({ position, expected, actual }: TextIssue) => ({
    position: bytesBefore(text, start) + position,
    path,
    expected,
    actual,
  }))(read)

/** The issue of a value to print. */
export const inValue = <A>(path: FieldPath, printed: Either<TextIssue, A>): Either<FieldIssue, A> =>
  mapLeft(({ expected, actual }: TextIssue) => ({ position: 0, path, expected, actual }))(printed)

const newline = 10

/** Adds line and column. */
export const placed = (name: string, bytes: Uint8Array, issue: FieldIssue): StoreTextIssue => {
  const { position, path, expected, actual } = issue
  const before = bytes.subarray(0, position)
  const lines = before.reduce((count, byte) => (byte === newline ? count + 1 : count), 0)
  const column = position - (before.lastIndexOf(newline) + 1) + 1
  return {
    _tag: 'InvalidText',
    offset: position,
    position,
    line: lines + 1,
    column,
    path,
    expected,
    actual,
    grammar: name,
  }
}

/**
 * An issue on one line, in the style of compilers: `3:11: references[0]: expected …, got …`.
 *
 * ```ts
 * import { CacheInfo, showStoreTextIssue } from 'nix-wire/store'
 *
 * const read = CacheInfo.parse('StoreDir: /nix/store\nPriority: high\n')
 * read._tag === 'Left' && showStoreTextIssue(read.left)
 * // => '2:11: priority: expected a decimal number, got "high"'
 * ```
 */
export const showStoreTextIssue = ({ line, column, path, expected, actual }: StoreTextIssue): string =>
  `${line}:${column}: ${path.length === 0 ? '' : `${showFieldPath(path)}: `}` +
  `expected ${clip(expected)}, got ${clip(actual)}`
