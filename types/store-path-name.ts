import type * as t from 'io-ts'
import { alphabet, type TextPiece } from '../combinators/text-format.js'
import { brandedFormat } from './branded-format.js'
import { andThen, characters, end, failAt, here, runTextParser, type TextParser } from './text-parser.js'
import { TextType } from './text-type.js'

export const nameAlphabet = alphabet('0-9a-zA-Z+._?=-')
export const maxNameLength = 211

/** The forbidden names and beginnings. */
const unless = { whole: ['.', '..'], starts: ['.-', '..-'] } as const

const forbidden = (name: string): boolean =>
  unless.whole.some((whole) => name === whole) || unless.starts.some((start) => name.startsWith(start))

/** A name up to the end of the text. */
export const lastName: TextParser<string> = andThen(here, (start) =>
  andThen(
    characters(nameAlphabet, 1, maxNameLength, 'a character of a name (0-9 a-z A-Z + - . _ ? =)'),
    (name) =>
      forbidden(name)
        ? failAt(start, 'a name other than . and .. that does not begin with .- or ..-')
        : end(`a name of at most ${maxNameLength} of 0-9 a-z A-Z + - . _ ? =`).map(() => name),
  ),
)

/** The canonical form of a name, as data. */
export const namePattern: ReadonlyArray<TextPiece> = [
  { _tag: 'unless', ...unless },
  { _tag: 'chars', alphabet: nameAlphabet, min: 1, max: maxNameLength },
]

export interface StorePathNameBrand {
  readonly StorePathName: unique symbol
}

/**
 * The name part of a store path, after the hash and `-`: 1 to 211 characters out of `0-9 a-z A-Z + - . _ ? =`.
 *
 * ```ts
 * import { StorePathName } from 'nix-wire/types'
 *
 * StorePathName.is('hello-2.12.1') // => true
 * StorePathName.is('..-hello') // => false
 * ```
 *
 * Issues: the empty text, another character, more than 211 characters, `.`, `..`, a text that begins with `.-` or
 * `..-`. Versions: the rule about dots is that of Nix 2.21 and later (and 2.18.8, 2.20.5); earlier releases rejected
 * all names that begin with a dot, or none. Source: serialization spec, StorePathName; the length limit is from the
 * reference implementation.
 */
export type StorePathName = t.Branded<string, StorePathNameBrand>

export const StorePathName: TextType<StorePathName> = new TextType(
  brandedFormat<StorePathName>({
    name: 'StorePathName',
    summary: 'the name part of a store path',
    pattern: namePattern,
    normalise: (text) => runTextParser(lastName, text),
  }),
)

export interface OutputNameBrand {
  readonly OutputName: unique symbol
}

/**
 * The name of a derivation's output, such as `out`. It follows the rules of {@link StorePathName}, since the name of
 * the output's store path ends with it.
 *
 * ```ts
 * import { OutputName } from 'nix-wire/types'
 *
 * OutputName.is('dev') // => true
 * OutputName.is('*') // => false
 * ```
 *
 * Issues: those of {@link StorePathName}. Source: serialization spec, OutputName.
 */
export type OutputName = t.Branded<string, OutputNameBrand>

export const OutputName: TextType<OutputName> = new TextType(
  brandedFormat<OutputName>({
    name: 'OutputName',
    summary: 'an output name',
    pattern: namePattern,
    normalise: (text) => runTextParser(lastName, text),
  }),
)
