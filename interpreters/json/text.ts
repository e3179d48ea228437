import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { LosslessNumber, parse, stringify } from 'lossless-json'
import { compareTexts } from '../../bytes/order.js'
import { expectText } from '../../combinators/expect.js'
import type { Issue } from '../../combinators/issue.js'
import { brokenText } from './broken-text.js'

/** JSON with integers of any size. A number that is not an integer keeps its text. */
export type Json =
  | null
  | boolean
  | string
  | bigint
  | LosslessNumber
  | ReadonlyArray<Json>
  | { readonly [key: string]: Json }

// Making a bigint takes more than linear time in its digits; no integer of the protocol has more than 20.
const longestInteger = 40
const integer = /^-?[0-9]+$/

const parseWith = (text: string, duplicates: 'refuse' | 'last'): Json =>
  parse(text, null, {
    parseNumber: (digits) =>
      digits.length <= longestInteger && integer.test(digits)
        ? BigInt(digits)
        : (parse(digits) as LosslessNumber),
    ...(duplicates === 'last' ? { onDuplicateKey: ({ newValue }) => newValue } : {}),
  }) as Json

/**
 * Parses JSON without rounding integers.
 *
 * ```ts
 * import { parseJson } from 'nix-wire/interpreters'
 *
 * parseJson('[18446744073709551615]') // => { _tag: 'Right', right: [18446744073709551615n] }
 * ```
 *
 * Issues: `InvalidJson`, whose `offset` is the index in the text; also for an object with two different values under the same key; with `duplicates: 'last'`
 * the last value counts instead.
 */
export const parseJson = (text: string, duplicates: 'refuse' | 'last' = 'refuse'): Either<Issue, Json> => {
  expectText('what parseJson reads', text)
  const tooDeep = placeTooDeep(text)
  if (tooDeep !== undefined) {
    return left(
      notJson({
        offset: tooDeep,
        expected: `at most ${deepest} levels of nesting`,
        actual: 'one more level',
      }),
    )
  }
  try {
    return right(parseWith(text, duplicates))
  } catch (error) {
    return left(notJson(brokenText(text, error instanceof Error ? error.message : String(error))))
  }
}

// Functions that walk over JSON recurse, and the stack is limited.
const deepest = 1000
const [quote, backslash] = [0x22, 0x5c]
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/** The position at which a text is nested too deep, if it is. */
const placeTooDeep = (text: string): number | undefined => {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      inString = code !== quote
      i += code === backslash ? 1 : 0
    } else if (code === quote) {
      inString = true
    } else if (code === openBracket || code === openBrace) {
      if (++depth > deepest) {
        return i
      }
    } else if (code === closeBracket || code === closeBrace) {
      depth--
    }
  }
  return undefined
}

const notJson = (broken: ReturnType<typeof brokenText>): Issue => ({
  _tag: 'InvalidJson',
  path: [],
  grammar: 'JSON',
  ...broken,
})

/**
 * Writes JSON: on one line, or indented by `indent` spaces.
 *
 * ```ts
 * import { printJson } from 'nix-wire/interpreters'
 *
 * printJson({ narSize: 18446744073709551615n }) // => '{"narSize":18446744073709551615}'
 * ```
 */
export const printJson = (json: Json, indent = 0): string => stringify(json, null, indent) ?? 'null'

/** Writes JSON like the reference implementation: on one line, keys in the order of their bytes. */
export const printSortedJson = (json: Json): string => printJson(sorted(json))

const sorted = (json: Json): Json => {
  if (Array.isArray(json)) {
    return (json as ReadonlyArray<Json>).map(sorted)
  }
  return isObject(json)
    ? objectOf(
        Object.entries(json)
          .map(([key, value]): readonly [string, Json] => [key, sorted(value)])
          .sort(([a], [b]) => compareTexts(a, b)),
      )
    : json
}

/** Whether this is an object with keys, and not a number that was kept as written. */
export const isObject = (json: Json | undefined): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof LosslessNumber)

/** An object with own keys only, including `__proto__`. */
export const objectOf = <A>(entries: Iterable<readonly [string, A]>): { readonly [key: string]: A } =>
  Object.fromEntries(entries)
