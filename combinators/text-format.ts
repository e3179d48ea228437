import { chain, type Either, map, right } from 'fp-ts/lib/Either.js'
import { expectText } from './expect.js'
import { type Gate, leavesOf } from './gate.js'
import type { Protocol } from './protocol.js'

/** What is wrong with a text, and where. */
export interface TextIssue {
  /** The number of bytes of the text before the place. */
  readonly position: number
  readonly expected: string
  readonly actual: string
}

/**
 * One piece of a text's canonical form, as data. A pattern is matched from left to right without backtracking:
 * `chars` takes as many characters as it can.
 */
export type TextPiece =
  | { readonly _tag: 'literal'; readonly text: string }
  /** The store directory of the protocol; the format then depends on it. */
  | { readonly _tag: 'storeDir' }
  /** `min` to `max` characters out of `alphabet` (ASCII). */
  | { readonly _tag: 'chars'; readonly alphabet: string; readonly min: number; readonly max: number }
  /** Takes nothing; the rest of the text must not be one of `whole` and not begin with one of `starts`. */
  | { readonly _tag: 'unless'; readonly whole: ReadonlyArray<string>; readonly starts: ReadonlyArray<string> }
  /** One of these texts; the longest that matches. */
  | { readonly _tag: 'oneOf'; readonly texts: ReadonlyArray<string> }
  /** The rest of the text: canonical base64 of at least one byte, with padding and without stray bits. */
  | { readonly _tag: 'base64' }

/** The syntax of a format's texts, if a pattern cannot express it. */
export interface TextSyntax {
  /** The protocols that these rules apply to; all if absent. */
  readonly gate?: Gate
  /**
   * Rules such as `Pair = Name "=" Name { "," Name }`; the first is the rule of the format. Names refer to other
   * rules or to other formats, `|` separates alternatives, `[ ]` is optional, `{ }` is repeated any number of times,
   * and `<` `>` encloses a description in words.
   */
  readonly rules: ReadonlyArray<string>
  /** A sentence on what the rules do not express. */
  readonly note?: string
}

/** Builds texts from parts. The format does not know how: a generator, for instance, builds random ones. */
export interface TextMaker<T> {
  /** A text that follows a pattern. */
  readonly pattern: (pieces: ReadonlyArray<TextPiece>) => T
  /** Texts one after another. */
  readonly joined: (...parts: ReadonlyArray<T | string>) => T
  /** One of these; the first is the simplest. */
  readonly oneOf: (...texts: readonly [T, ...ReadonlyArray<T>]) => T
  /** `min` to `max` texts, joined into one; some of them may be equal. */
  readonly many: (text: T, min: number, max: number, join: (texts: ReadonlyArray<string>) => string) => T
  readonly mapped: (text: T, change: (text: string) => string) => T
}

/** Builds canonical texts of a format, of every kind that it has. */
export type TextsOf = <T>(make: TextMaker<T>, protocol: Protocol) => T

/**
 * How an `A` is written as text: pure functions to parse and to print and, if the canonical form is simple enough,
 * that form as data, which a codec turns into a recogniser on the bytes.
 *
 * The guide "A text format of your own" has two whole formats, and says when which member is needed.
 *
 * Laws: `parse(print(a)) = a`; every text that the pattern matches is parsed, and printed unchanged. The functions
 * may use only those parts of the protocol that the format declares (`gates`, `asks`); the others may be missing.
 */
export interface TextFormat<in out A> {
  readonly name: string
  /** What the text is, to complete "expected …"; such as `a kind of tea`. */
  readonly summary: string
  /** The canonical form as data; only for a format whose value is the canonical text itself. */
  readonly pattern?: ReadonlyArray<TextPiece>
  /** The syntax for people, if there is no pattern. */
  readonly syntax?: ReadonlyArray<TextSyntax>
  /** For generators, if there is no pattern: canonical texts, and texts that are kept as they are. */
  readonly texts?: TextsOf
  /** For generators: texts that `parse` accepts, but that `print` writes differently or `strict` rejects. */
  readonly otherTexts?: TextsOf
  /** `text` if the value is the canonical text itself (a branded string), `structure` if it is an object. */
  readonly value: 'text' | 'structure'
  /** The gates that the functions depend on. They must not depend on any other version or feature. */
  readonly gates?: ReadonlyArray<Gate>
  /** Set if the functions depend on the store directory of the protocol and no pattern says so. */
  readonly asks?: 'storeDir'
  /** The parts of the protocol to assume if they are not given. */
  readonly defaults?: Partial<Protocol>
  /** Checks a text and returns its value. It may accept more than the canonical form. */
  readonly parse: (text: string, protocol: Protocol) => Either<TextIssue, A>
  /** The canonical text. It fails if the protocol has no text for this value. */
  readonly print: (value: A, protocol: Protocol) => Either<TextIssue, string>
  /**
   * A further check in the canonical profile, in decoding and encoding: Left for a value that only the compatible
   * profile accepts. Every text that the pattern matches must pass.
   */
  readonly strict?: (value: A, protocol: Protocol) => Either<TextIssue, unknown>
  /**
   * A shortcut for canonical texts of a structure: the results of `parse` and `print`, or undefined to leave the
   * decision to them. Its `print` must accept any value.
   */
  readonly quick?: {
    readonly parse: (text: string) => A | undefined
    readonly print: (value: A) => string | undefined
  }
  /** The order in sets and of map keys, if it is not that of the texts' bytes. */
  readonly compare?: (a: A, b: A) => number
  /** Set if the text is itself JSON: then JSON output shows it as JSON and not as a string. */
  readonly json?: true
}

/** Whether a format needs the store directory. */
export const asksForDir = ({ asks, pattern }: TextFormat<unknown>): boolean =>
  asks === 'storeDir' || (pattern ?? []).some(({ _tag }) => _tag === 'storeDir')

/** What a format makes of a text, quickly of a canonical one. */
export const parseText = <A>(
  { quick, parse }: TextFormat<A>,
  text: string,
  protocol: Protocol,
): Either<TextIssue, A> => {
  const plain = quick?.parse(text)
  return plain === undefined ? parse(text, protocol) : right(plain)
}

/** The text of a value, quickly of most. */
export const printText = <A>(
  { quick, print }: TextFormat<A>,
  value: A,
  protocol: Protocol,
): Either<TextIssue, string> => {
  const plain = quick?.print(value)
  return plain === undefined ? print(value, protocol) : right(plain)
}

/** How a profile reads a text: the canonical one rejects texts that are not `strict`. */
export const parserOf = <A>({ parse, strict }: TextFormat<A>, canonical: boolean): TextFormat<A>['parse'] =>
  canonical && strict !== undefined
    ? (text, protocol) =>
        chain((value: A) => map(() => value)(strict(value, protocol)))(parse(text, protocol))
    : parse

/** The characters of a range notation such as `0-9a-z+.`; a `-` at either end stands for itself. */
export const alphabet = (ranges: string): string => {
  expectText('the ranges of an alphabet', ranges)
  let characters = ''
  for (let i = 0; i < ranges.length; i++) {
    if (ranges[i + 1] === '-' && i + 2 < ranges.length) {
      for (let code = ranges.charCodeAt(i); code <= ranges.charCodeAt(i + 2); code++) {
        characters += String.fromCharCode(code)
      }
      i += 2
    } else {
      characters += ranges[i]
    }
  }
  return characters
}

/** The empty text, read by a format. Whether it is valid does not depend on what is negotiated. */
export const readEmpty = <A>(format: TextFormat<A>): Either<TextIssue, A> => {
  const { of } = (format.gates ?? []).flatMap(leavesOf).find((leaf) => leaf.of !== undefined) ?? {}
  return format.parse('', { version: `${of?.major ?? 0}.0`, features: [], storeDir: '/any' })
}
