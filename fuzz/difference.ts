import { type FieldPath, showFieldPath } from '../combinators/issue.js'
import type { Json } from '../interpreters/json/index.js'
import type { Format } from './format.js'

/** A place where two values differ. */
export interface ValueDifference {
  readonly _tag: 'value'
  readonly path: FieldPath
  /** The right value, as JSON; undefined if there should be none. */
  readonly expected: Json | undefined
  readonly actual: Json | undefined
  /** Its place in the message: the bytes `[start, end)`. */
  readonly start: number
  readonly end: number
}

/** A field whose bytes differ. */
export interface FieldDifference {
  /** The field, such as `references[0]` or `narSize`; followed by its role for a count, a tag or a mark. */
  readonly field: string
  readonly path: FieldPath
  /** The place of the field in the right bytes: `[start, end)`. */
  readonly start: number
  readonly end: number
  /** The offset, in the right bytes, of each byte that differs. */
  readonly offsets: ReadonlyArray<number>
  readonly expected: Uint8Array
  /** The actual bytes of the field; fewer if the bytes end before. */
  readonly actual: Uint8Array
}

/** Differences between the right and the actual bytes, by field. */
export interface BytesDifference {
  readonly _tag: 'bytes'
  readonly expected: Uint8Array
  readonly actual: Uint8Array
  readonly fields: ReadonlyArray<FieldDifference>
}

export type Difference = ValueDifference | BytesDifference

/** The fields of the right bytes that differ in others; null if none does. */
export const bytesDifference = <A>(
  format: Format<A>,
  expected: Uint8Array,
  actual: Uint8Array,
): BytesDifference | null => {
  if (Buffer.compare(expected, actual) === 0) {
    return null
  }
  const fields: Array<FieldDifference> = []
  for (const { start, end, path, role, parts } of format.partsOf(expected)) {
    if (parts.length > 0) {
      continue
    }
    const offsets: Array<number> = []
    for (let at = start; at < end; at++) {
      if (expected[at] !== actual[at]) {
        offsets.push(at)
      }
    }
    if (offsets.length > 0) {
      const place = showFieldPath(path)
      fields.push({
        field: role === 'value' ? place : `${place} (${role})`,
        path,
        start,
        end,
        offsets,
        expected: expected.slice(start, end),
        actual: actual.slice(start, end),
      })
    }
  }
  if (actual.length > expected.length) {
    fields.push({
      field: 'behind the message',
      path: [],
      start: expected.length,
      end: expected.length,
      offsets: [],
      expected: new Uint8Array(),
      actual: actual.slice(expected.length),
    })
  }
  return { _tag: 'bytes', expected, actual, fields }
}
