import { chain, type Either, map } from 'fp-ts/lib/Either.js'
import { expectText } from './expect.js'
import type { Gate } from './gate.js'
import type { Protocol } from './protocol.js'

/** What is wrong with a text, and where in it. */
export interface TextIssue {
  /** How many bytes of the text come before the place. */
  readonly position: number
  readonly expected: string
  readonly actual: string
}

/**
 * One piece of a text's canonical form, as data. A pattern is read from left to right without going back:
 * `chars` takes as many characters as it can.
 */
export type TextPiece =
  | { readonly _tag: 'literal'; readonly text: string }
  /** The store directory of the protocol, for which the format then asks. */
  | { readonly _tag: 'storeDir' }
  /** `min` to `max` characters out of `alphabet` (ASCII). */
  | { readonly _tag: 'chars'; readonly alphabet: string; readonly min: number; readonly max: number }
  /** Takes nothing; the rest of the text must not be one of `whole` and not begin with one of `starts`. */
  | { readonly _tag: 'unless'; readonly whole: ReadonlyArray<string>; readonly starts: ReadonlyArray<string> }
  /** One of these texts; the longest that fits. */
  | { readonly _tag: 'oneOf'; readonly texts: ReadonlyArray<string> }
  /** The rest of the text: canonical base64 of at least one byte, with its padding and no stray bits. */
  | { readonly _tag: 'base64' }

/** How the texts of a format are made up, where a pattern cannot say it. */
export interface TextSyntax {
  /** Under which protocols; all where there is none. */
  readonly gate?: Gate
  /**
   * Rules, the first of which is that of the format: `Pair = Name "=" Name { "," Name }`. Names are those of other rules or of
   * other formats, `|` parts alternatives, `[ ]` is optional, `{ }` any number; what stands in `<` `>` is said in words.
   */
  readonly rules: ReadonlyArray<string>
  /** What the rules do not say, as a sentence. */
  readonly note?: string
}

/** Makes texts, of which it is not known here how they come about: a generator makes random ones. */
export interface TextMaker<T> {
  /** A text of a pattern. */
  readonly pattern: (pieces: ReadonlyArray<TextPiece>) => T
  /** Texts one after another. */
  readonly joined: (...parts: ReadonlyArray<T | string>) => T
  /** One of these; the first is the simplest. */
  readonly oneOf: (...texts: readonly [T, ...ReadonlyArray<T>]) => T
  /** `min` to `max` texts, made one; two of them may be the same. */
  readonly many: (text: T, min: number, max: number, join: (texts: ReadonlyArray<string>) => string) => T
  readonly mapped: (text: T, change: (text: string) => string) => T
}

/** Makes canonical texts of a format, of every kind that it has. */
export type TextsOf = <T>(make: TextMaker<T>, protocol: Protocol) => T

/**
 * How an `A` is written as text. Three pure functions and, where the canonical form is simple enough, that form
 * as data, from which a codec makes a recogniser that runs on the bytes.
 *
 * Laws: `parse(print(a)) = a`; every text the pattern takes is parsed, and printed as itself. The functions may look at
 * those parts of the protocol for which the format asks; the others may be missing.
 */
export interface TextFormat<in out A> {
  readonly name: string
  /** Such as `a kind of tea`; completes "expected …". */
  readonly summary: string
  /** The canonical form; only for a format whose value is the canonical text itself. */
  readonly pattern?: ReadonlyArray<TextPiece>
  /** For people, where there is no pattern. */
  readonly syntax?: ReadonlyArray<TextSyntax>
  /** For generators, where there is no pattern: canonical texts, and such as are kept as they came. */
  readonly texts?: TextsOf
  /** For generators: texts that are read, and that `print` writes otherwise or `strict` refuses. */
  readonly otherTexts?: TextsOf
  /** Whether the value is the canonical text itself (a branded string) or something structured. */
  readonly value: 'text' | 'structure'
  /** The conditions under which the functions do something else; they ask for no other version and no other feature. */
  readonly gates?: ReadonlyArray<Gate>
  /** Set where the functions ask for the store directory of the protocol, and no pattern says so. */
  readonly asks?: 'storeDir'
  /** What holds for the protocol where nothing else is given. */
  readonly defaults?: Partial<Protocol>
  /** Decides whether a text belongs here, and what it means. May accept more than the canonical form. */
  readonly parse: (text: string, protocol: Protocol) => Either<TextIssue, A>
  /** The canonical text. Fails where the protocol has no text for this value. */
  readonly print: (value: A, protocol: Protocol) => Either<TextIssue, string>
  /**
   * What the canonical profile demands besides, reading and writing: Left for a value that only the compatible one has.
   * Every text the pattern takes passes.
   */
  readonly strict?: (value: A, protocol: Protocol) => Either<TextIssue, unknown>
  /**
   * A shortcut for canonical texts of something structured: what `parse` and `print` would give, or undefined where
   * those are to decide. `print` may be handed anything.
   */
  readonly quick?: {
    readonly parse: (text: string) => A | undefined
    readonly print: (value: A) => string | undefined
  }
  /** The order of sets and map keys, where it is not that of the texts' bytes. */
  readonly compare?: (a: A, b: A) => number
  /** Set where the text is itself JSON: then a JSON view shows it as JSON and not as a string. */
  readonly json?: true
}

/** Whether a format asks for the store directory. */
export const asksForDir = ({ asks, pattern }: TextFormat<unknown>): boolean =>
  asks === 'storeDir' || (pattern ?? []).some(({ _tag }) => _tag === 'storeDir')

/** How a profile reads a text: the canonical one refuses what is not `strict`. */
export const parserOf = <A>({ parse, strict }: TextFormat<A>, canonical: boolean): TextFormat<A>['parse'] =>
  canonical && strict !== undefined
    ? (text, protocol) =>
        chain((value: A) => map(() => value)(strict(value, protocol)))(parse(text, protocol))
    : parse

/** The characters of a range notation such as `0-9a-z+.`; a `-` stands for itself at either end. */
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
