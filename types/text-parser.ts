import { choice, decide, endOfInput, Parser, pipeParsers, str } from 'arcsecond'
import { type Either, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { quoted } from '../combinators/show.js'
import type { TextIssue } from '../combinators/text-format.js'

/**
 * The pieces of text grammars, made with arcsecond. An error only says what was expected; its place is the position of
 * the parser, where {@link runTextParser} finds the actual text.
 *
 * The leaves read the bytes themselves, each byte once: arcsecond's `regex` decodes all that is left at every call, and
 * its `many` of characters copies its state for each of them.
 */
export type TextParser<A> = Parser<A, string, null>

const encoder = new TextEncoder()
/** A byte order mark is part of the text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const textBetween = (bytes: DataView, from: number, to: number): string =>
  decoder.decode(new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from))

type Step<A> =
  | { readonly taken: A; readonly next: number }
  | { readonly expected: string; readonly at: number }

const leaf = <A>(step: (bytes: DataView, at: number) => Step<A>): TextParser<A> =>
  new Parser<A, string, null>((state) => {
    if (state.isError) return state
    const outcome = step(state.dataView, state.index)
    return 'expected' in outcome
      ? { ...state, isError: true, error: outcome.expected, index: outcome.at }
      : { ...state, result: outcome.taken, index: outcome.next }
  })

/** From `min` to `max` characters of an ASCII alphabet, as many as there are. */
export const characters = (
  alphabet: string,
  min: number,
  max: number,
  expected: string,
): TextParser<string> => {
  const allowed = new Set(encoder.encode(alphabet))
  return leaf((bytes, at) => {
    const limit = Math.min(bytes.byteLength, at + max)
    let next = at
    while (next < limit && allowed.has(bytes.getUint8(next))) next++
    return next - at < min ? { expected, at: next } : { taken: textBetween(bytes, at, next), next }
  })
}

/** Everything before the next `stop` (one ASCII character), or before the end; may be empty. */
export const upTo = (stop: string): TextParser<string> => {
  const byte = stop.charCodeAt(0)
  return leaf((bytes, at) => {
    let next = at
    while (next < bytes.byteLength && bytes.getUint8(next) !== byte) next++
    return { taken: textBetween(bytes, at, next), next }
  })
}

/** The rest of the text; may be empty. */
export const rest: TextParser<string> = leaf((bytes, at) => ({
  taken: textBetween(bytes, at, bytes.byteLength),
  next: bytes.byteLength,
}))

/** The position of the parser, in bytes. */
export const here: TextParser<number> = leaf((_, at) => ({ taken: at, next: at }))

/** Exactly this text. */
export const literal = (text: string): TextParser<string> => str(text).errorMap(() => JSON.stringify(text))

/** One of several texts, each with a value; the first that fits. */
export const keyword = <A>(
  words: ReadonlyArray<readonly [text: string, value: A]>,
  expected: string,
): TextParser<A> =>
  choice(words.map(([text, value]) => literal(text).map(() => value))).errorMap(() => expected)

/** The end of the text. */
export const end = (expected = 'the end of the text'): TextParser<null> => endOfInput.errorMap(() => expected)

export const succeed = <A>(value: A): TextParser<A> => leaf((_, at) => ({ taken: value, next: at }))

/** Fails, by default at the position of the parser. */
export const failAt = (at: number, expected: string): TextParser<never> => leaf(() => ({ expected, at }))

/** Runs a parser, and then the one made from its result. */
export const andThen = <A, B>(first: TextParser<A>, next: (value: A) => TextParser<B>): TextParser<B> =>
  pipeParsers([first, decide<A, B, string, null>(next)])

/** Takes nothing: an existing outcome, for a part of the text that began at a place. */
export const settle = <A>(start: number, outcome: Either<TextIssue, A>): TextParser<A> =>
  outcome._tag === 'Right'
    ? succeed(outcome.right)
    : failAt(start + outcome.left.position, outcome.left.expected)

/** Passes the text of `piece` to a function that reports its own issues in it. */
export const readWith = <A>(
  piece: TextParser<string>,
  read: (text: string) => Either<TextIssue, A>,
): TextParser<A> => andThen(here, (start) => andThen(piece, (text) => settle(start, read(text))))

/**
 * UTF-8 cannot encode half a character, so such a text cannot be written; arcsecond would read U+FFFD there.
 */
export const unpairedSurrogate = (text: string): TextIssue | undefined => {
  const index = text.search(/\p{Surrogate}/u)
  return index < 0 ? undefined : issueAtIndex(text, index, 'whole Unicode characters')
}

/** Runs a parser on a whole text. */
export const runTextParser = <A>(parser: TextParser<A>, text: string): Either<TextIssue, A> => {
  const unpaired = unpairedSurrogate(text)
  if (unpaired !== undefined) return left(unpaired)
  const bytes = encoder.encode(text)
  const outcome = parser.run(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return outcome.isError ? left(issueAt(text, outcome.index, outcome.error)) : right(outcome.result)
}

const widthInUtf8 = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4

const shown = 24

const describe = (text: string, index: number): string => {
  if (index >= text.length) return 'the end of the text'
  const cut = index + shown < text.length
  return `${quoted(text.slice(index, index + shown))}${cut ? '…' : ''}`
}

/** An issue at a byte of a text. */
export const issueAt = (text: string, position: number, expected: string): TextIssue => {
  let index = 0
  let bytes = 0
  while (bytes < position && index < text.length) {
    const codePoint = text.codePointAt(index) ?? 0
    bytes += widthInUtf8(codePoint)
    index += codePoint < 0x10000 ? 1 : 2
  }
  return { position, expected, actual: describe(text, index) }
}

/** An issue at an index of a text, in UTF-16 units. */
export const issueAtIndex = (text: string, index: number, expected: string): TextIssue => ({
  position: encoder.encode(text.slice(0, index)).length,
  expected,
  actual: describe(text, index),
})

/** The outcome for a part of a text, with its place in the whole text. */
export const withinText = <A>(
  text: string,
  start: number,
  outcome: Either<TextIssue, A>,
): Either<TextIssue, A> =>
  mapLeft((issue: TextIssue) =>
    issueAt(text, encoder.encode(text.slice(0, start)).length + issue.position, issue.expected),
  )(outcome)
