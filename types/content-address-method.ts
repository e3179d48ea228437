import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { show } from '../combinators/show.js'
import type { TextFormat, TextIssue, TextMaker } from '../combinators/text-format.js'
import { digestSize, type HashAlgorithm, hashAlgorithms, lastAlgorithm } from './hash-algorithm.js'
import { andThen, keyword, runTextParser, succeed, type TextParser } from './text-parser.js'
import { TextType } from './text-type.js'

/**
 * What is hashed of a file system object: a text file together with its references (`Text`), the contents of one file
 * (`Flat`), the object as a NAR (`NixArchive`), or as a Git tree (`Git`, experimental).
 */
export type ContentAddressMethod = 'Text' | 'Flat' | 'NixArchive' | 'Git'

/**
 * A content address without its digest: `text:`, `fixed:`, `fixed:r:` or `fixed:git:`, and the algorithm.
 *
 * ```ts
 * import { ContentAddressMethodWithAlgo } from 'nix-wire/types'
 *
 * ContentAddressMethodWithAlgo.make('fixed:r:sha256')
 * // => { _tag: 'Right', right: { _tag: 'NixArchive', algorithm: 'sha256' } }
 * ```
 *
 * `text:` is accepted with any algorithm, although Nix only uses sha256 with it.
 *
 * Issues: another prefix, an unknown algorithm. Source: serialization spec, ContentAddressMethodWithAlgo;
 * `fixed:git:` is from the reference implementation.
 */
export interface ContentAddressMethodWithAlgo {
  readonly _tag: ContentAddressMethod
  readonly algorithm: HashAlgorithm
}

/** The names of the methods in Nix's JSON. */
export const methodWords = {
  Flat: 'flat',
  NixArchive: 'nar',
  Text: 'text',
  Git: 'git',
} as const satisfies { readonly [Method in ContentAddressMethod]: string }

/** The prefixes; a longer one comes before its own beginning. */
type Prefixes = ReadonlyArray<readonly [prefix: string, method: ContentAddressMethod]>

const prefixes: Prefixes = [
  ['text:', 'Text'],
  ['fixed:r:', 'NixArchive'],
  ['fixed:git:', 'Git'],
  ['fixed:', 'Flat'],
]

const outputPrefixes: Prefixes = [
  ['text:', 'Text'],
  ['r:', 'NixArchive'],
  ['git:', 'Git'],
]

const prefixIn = (table: Prefixes, method: ContentAddressMethod): string | undefined =>
  table.find(([, each]) => each === method)?.[0]

/** The prefix of a method before its algorithm; undefined for an unknown method. */
export const prefixOf = (method: ContentAddressMethod): string | undefined => prefixIn(prefixes, method)

/** The method in front of a content address. */
export const methodPrefix: TextParser<ContentAddressMethod> = keyword(
  prefixes,
  'text:, fixed:, fixed:r: or fixed:git:',
)

const withAlgorithm = (prefix: TextParser<ContentAddressMethod>): TextParser<ContentAddressMethodWithAlgo> =>
  andThen(prefix, (_tag) => lastAlgorithm.map((algorithm) => ({ _tag, algorithm })))

const printer =
  (table: Prefixes) =>
  ({ _tag, algorithm }: ContentAddressMethodWithAlgo): Either<TextIssue, string> => {
    const prefix = prefixIn(table, _tag)
    if (prefix === undefined) {
      return left({ position: 0, expected: 'a content address method', actual: show(_tag) })
    }
    return Object.hasOwn(digestSize, algorithm)
      ? right(prefix + algorithm)
      : left({ position: 0, expected: 'a hash algorithm', actual: show(algorithm) })
  }

/** A table of all texts: they are few. */
const quickly = (table: Prefixes): NonNullable<TextFormat<ContentAddressMethodWithAlgo>['quick']> => {
  const texts = new Map<string, ContentAddressMethodWithAlgo>(
    table.flatMap(([prefix, _tag]) =>
      hashAlgorithms.map((algorithm) => [prefix + algorithm, { _tag, algorithm }] as const),
    ),
  )
  return {
    parse: (text) => {
      const known = texts.get(text)
      // Another value each time: what one reader does with it must not change that of another.
      return known === undefined ? undefined : { ...known }
    },
    print: ({ _tag, algorithm }) => {
      const prefix = prefixIn(table, _tag)
      const text = typeof algorithm === 'string' && prefix !== undefined ? prefix + algorithm : ''
      return texts.has(text) ? text : undefined
    },
  }
}

const wordsOf = <T>(make: TextMaker<T>, texts: ReadonlyArray<string>): T =>
  make.pattern([{ _tag: 'oneOf', texts }])

const algorithmTexts = <T>(make: TextMaker<T>): T => wordsOf(make, hashAlgorithms)

/** The text before the algorithm of a content address. */
export const methodTexts = <T>(make: TextMaker<T>): T =>
  wordsOf(
    make,
    prefixes.map(([prefix]) => prefix),
  )

export const ContentAddressMethodWithAlgo: TextType<ContentAddressMethodWithAlgo> = new TextType({
  name: 'ContentAddressMethodWithAlgo',
  summary: 'a content address method with its hash algorithm',
  texts: (make) => make.joined(methodTexts(make), algorithmTexts(make)),
  syntax: [
    {
      rules: [
        'ContentAddressMethodWithAlgo = Method HashAlgorithm',
        'Method = "text:" | "fixed:" | "fixed:r:" | "fixed:git:"',
      ],
      note: 'The methods are Text, Flat, NixArchive and Git.',
    },
  ],
  value: 'structure',
  parse: (text) => runTextParser(withAlgorithm(methodPrefix), text),
  print: printer(prefixes),
  quick: quickly(prefixes),
})

const outputMethods: Prefixes = [...outputPrefixes, ['', 'Flat']]

/** Without a `:` there is no prefix. */
const outputPrefix = (text: string): TextParser<ContentAddressMethod> =>
  text.includes(':') ? keyword(outputPrefixes, 'r:, git:, text: or no prefix') : succeed('Flat')

/**
 * A {@link ContentAddressMethodWithAlgo} as derivation outputs write it: `r:`, `git:`, `text:` or no prefix (`Flat`),
 * and the algorithm.
 *
 * ```ts
 * import { DerivationOutputMethod } from 'nix-wire/types'
 *
 * DerivationOutputMethod.make('r:sha256') // => { _tag: 'Right', right: { _tag: 'NixArchive', algorithm: 'sha256' } }
 * ```
 *
 * Source: the reference implementation. (The specification has the prefixes of a content address here.)
 */
export const DerivationOutputMethod: TextType<ContentAddressMethodWithAlgo> = new TextType({
  name: 'DerivationOutputMethod',
  summary: 'a derivation output method with its hash algorithm',
  texts: (make) =>
    make.joined(wordsOf(make, ['', ...outputPrefixes.map(([prefix]) => prefix)]), algorithmTexts(make)),
  syntax: [
    {
      rules: ['DerivationOutputMethod = [ "text:" | "r:" | "git:" ] HashAlgorithm'],
      note: 'The methods are Text, NixArchive and Git, and Flat without a prefix.',
    },
  ],
  value: 'structure',
  parse: (text) => runTextParser(withAlgorithm(outputPrefix(text)), text),
  print: printer(outputMethods),
  quick: quickly(outputMethods),
})
