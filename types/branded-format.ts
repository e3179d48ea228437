import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../combinators/protocol.js'
import { longestName, quoted } from '../combinators/show.js'
import type { TextFormat, TextIssue, TextPiece, TextSyntax, TextsOf } from '../combinators/text-format.js'
import { recogniser } from './pattern.js'
import { issueAtIndex } from './text-parser.js'

interface BrandedFormatParts<A extends string> {
  readonly name: string
  readonly summary: string
  readonly defaults?: Partial<Protocol>
  readonly pattern?: ReadonlyArray<TextPiece>
  readonly syntax?: ReadonlyArray<TextSyntax>
  readonly texts?: TextsOf
  readonly otherTexts?: TextsOf
  /** From any accepted text to the canonical one. */
  readonly normalise: (text: string, protocol: Protocol) => Either<TextIssue, string>
  readonly compare?: (a: A, b: A) => number
}

const firstDifference = (a: string, b: string): number => {
  let index = 0
  while (index < a.length && a[index] === b[index]) index++
  return index
}

/**
 * The format of a value that is its own canonical text. It prints only texts that it would read back unchanged, so a
 * text that got its brand by a cast, or under another store directory, is rejected.
 */
export const brandedFormat = <A extends string>(parts: BrandedFormatParts<A>): TextFormat<A> => {
  const { normalise, ...rest } = parts
  const canonical = parts.pattern === undefined ? () => false : recogniser(parts.pattern)
  return {
    ...rest,
    value: 'text',
    // Texts get their brand only here. A canonical text is returned as it is, without the parser.
    parse: (text, protocol) =>
      (canonical(text, protocol) ? right(text) : normalise(text, protocol)) as Either<TextIssue, A>,
    print: (value, protocol) => {
      if (canonical(value, protocol)) return right(value)
      const read = normalise(value, protocol)
      if (read._tag === 'Left' || read.right === value) return read
      const index = firstDifference(value, read.right)
      return left(issueAtIndex(value, index, `the canonical ${quoted(read.right, longestName)}`))
    },
  }
}
