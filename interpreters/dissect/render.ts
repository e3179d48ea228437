import { hexOf } from '../../bytes/hex.js'
import { showFieldPath } from '../../combinators/issue.js'
import { callback, checkOptions, number, type OptionChecks } from '../../combinators/options.js'
import { brief, roleNote, visible as visibleText } from './brief.js'
import { type Dissection, expectDissection, type Part } from './tree.js'

type Column = 'range' | 'bytes' | 'field' | 'grammar' | 'value' | 'wrong' | 'note'

export interface RenderOptions {
  /** The most items shown of a collection; items with an issue are shown besides. */
  readonly fold?: number
  /** The most rows of 16 bytes shown of a primitive. */
  readonly rows?: number
  /** Colours a cell, which is padded already. */
  readonly paint?: (column: Column, text: string) => string
}

const checks: OptionChecks<RenderOptions> = { fold: number, rows: number, paint: callback }

const rowLength = 16
const bytesWidth = 2 * rowLength + 1

interface Style {
  readonly fold: number
  readonly rows: number
  readonly rangeWidth: number
  readonly paint: (column: Column, text: string) => string
}

/**
 * A dissection as annotated hex: one line for each primitive, with its range, bytes, field, grammar and value.
 *
 * ```ts
 * import { bytesOf, tuple, u64, utf8 } from 'nix-wire'
 * import { dissect, renderDissection } from 'nix-wire/interpreters'
 *
 * const wire = bytesOf('0700000000000000 0200000000000000 6869000000000000')
 * console.log(renderDissection(dissect(tuple(u64, utf8), {}, wire)).join('\n'))
 * // prints:
 * // 0..24  24 bytes                           (top level): tuple
 * // 0..8   0700000000000000                   [0]: u64 = 7
 * // 8..24  0200000000000000 6869000000000000  [1]: utf8 = "hi"
 * ```
 */
export const renderDissection = <A>(
  dissection: Dissection<A>,
  options: RenderOptions = {},
): ReadonlyArray<string> => {
  expectDissection('renderDissection', dissection)
  checkOptions('renderDissection', checks, options)
  const { tree, bytes } = dissection
  const { fold = 10, rows = 8, paint = (_, text) => text } = options
  const rangeWidth = 2 * String(bytes.length).length + 2
  return tree === null ? [] : [...renderPart(tree, { fold, rows, rangeWidth, paint })]
}

function* renderPart(part: Part, style: Style): Generator<string> {
  if (part.parts.length === 0) {
    yield* renderPrimitive(part, style)
    return
  }
  const size = `${part.end - part.start} bytes`
  yield line(part, `${part.start}..${part.end}`, size, style, { bytes: 'note' })
  const shown = visible(part, style)
  let hidden = 0
  for (const each of part.parts) {
    if (shown(each)) {
      yield* more(hidden, style)
      hidden = 0
      yield* renderPart(each, style)
    } else {
      hidden += each.role === 'key' || each.role === 'mark' ? 0 : 1
    }
  }
  yield* more(hidden, style)
}

function* more(hidden: number, { rangeWidth, paint }: Style): Generator<string> {
  if (hidden > 0) {
    yield `${' '.repeat(rangeWidth)} ${paint('note', `… ${hidden.toLocaleString('en')} more`)}`
  }
}

/** The parts of a collection that are shown: the first ones, and those with an issue. */
const visible = ({ path }: Part, { fold }: Style): ((part: Part) => boolean) => {
  const depth = path.length
  return (part) => {
    const index = part.path[depth]
    return typeof index !== 'number' || index < fold || holdsIssue(part)
  }
}

/** Whether a listed issue is about a part or one within it. */
const holdsIssue = ({ sound, complete, issues, parts }: Part): boolean =>
  !sound && (!complete || issues.length > 0 || parts.some(holdsIssue))

function* renderPrimitive(part: Part, style: Style): Generator<string> {
  const { bytes, start, end } = part
  const { rows, paint, rangeWidth } = style
  const count = Math.max(1, Math.ceil(bytes.length / rowLength))
  for (let row = 0; row < Math.min(count, rows); row++) {
    const from = row * rowLength
    const cell = hexRow(bytes.subarray(from, from + rowLength))
    if (row === 0) {
      yield line(part, `${start}..${end}`, cell, style, {})
    } else {
      yield `${' '.repeat(rangeWidth)} ${paint('bytes', cell)}`.trimEnd()
    }
  }
  if (count > rows) {
    const left = bytes.length - rows * rowLength
    yield `${' '.repeat(rangeWidth)} ${paint('note', `… ${left.toLocaleString('en')} more bytes`)}`
  }
}

const hexRow = (bytes: Uint8Array): string =>
  [bytes.subarray(0, 8), bytes.subarray(8)]
    .filter((group) => group.length > 0)
    .map(hexOf)
    .join(' ')

/** The issue of a part, as text. */
const wrongNote = ({ complete, issues }: Part): string => {
  const told = issues.map(
    ({ _tag, offset, expected, actual }) =>
      `  ✗ ${_tag} at byte ${offset}: expected ${expected}, got ${actual}`,
  )
  return told.length > 0 ? visibleText(told.join('')) : complete ? '' : '  ✗'
}

const line = (
  part: Part,
  range: string,
  cell: string,
  { rangeWidth, paint }: Style,
  columns: { readonly bytes?: Column },
): string => {
  const field = showFieldPath(part.path) + roleNote(part)
  const value = part.parts.length === 0 && part.complete ? ` = ${brief(part.value)}` : ''
  const wrong = wrongNote(part)
  return (
    `${paint('range', range.padEnd(rangeWidth))} ${paint(columns.bytes ?? 'bytes', cell.padEnd(bytesWidth))}  ` +
    `${paint(wrong === '' ? 'field' : 'wrong', field)}: ${paint('grammar', part.grammar)}` +
    paint('value', value) +
    (wrong === '' ? '' : paint('wrong', wrong))
  )
}
