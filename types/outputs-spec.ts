import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../combinators/protocol.js'
import { quoted } from '../combinators/show.js'
import type { TextIssue } from '../combinators/text-format.js'
import { recogniser } from './pattern.js'
import { namePattern, OutputName } from './store-path-name.js'
import { issueAtIndex, withinText } from './text-parser.js'

/**
 * Outputs of a derivation: all, or those named. There is at least one name; names are sorted, each once.
 *
 * Source: serialization spec, DerivedPath (output-spec).
 */
export type OutputsSpec = AllOutputs | NamedOutputs

export interface AllOutputs {
  readonly _tag: 'All'
}

export interface NamedOutputs {
  readonly _tag: 'Names'
  readonly names: ReadonlyArray<OutputName>
}

export const allOutputs: OutputsSpec = { _tag: 'All' }

/** The word for all outputs since 1.30. */
export const allOutputsText = '*'

const isName = recogniser(namePattern)

/** Lists can be long, so only invalid names go through the text grammar, which explains the issue. */
const readName = (text: string, protocol: Protocol): Either<TextIssue, OutputName> =>
  isName(text, protocol) ? right(text as OutputName) : OutputName.format.parse(text, protocol)

/**
 * The names between the commas of `text` from `start` on, sorted and without duplicates. An empty name is skipped or an
 * issue.
 */
export const parseOutputNames = (
  text: string,
  start: number,
  empty: 'skip' | 'refuse',
  protocol: Protocol,
): Either<TextIssue, ReadonlyArray<OutputName>> => {
  const names = new Set<OutputName>()
  let from = start
  while (from <= text.length) {
    const comma = text.indexOf(',', from)
    const to = comma < 0 ? text.length : comma
    if (to > from || empty === 'refuse') {
      const name = withinText(text, from, readName(text.slice(from, to), protocol))
      if (isLeft(name)) return name
      names.add(name.right)
    }
    from = to + 1
  }
  // Names are ASCII, so sort() orders them by their bytes.
  return right([...names].sort())
}

/**
 * The names with commas between them. Fails unless there is at least one, and they are sorted without duplicates.
 */
export const printOutputNames = (
  names: ReadonlyArray<OutputName>,
  protocol: Protocol,
): Either<TextIssue, string> => {
  for (const [index, name] of names.entries()) {
    const printed = OutputName.format.print(name, protocol)
    if (isLeft(printed)) return printed
    const before = names[index - 1]
    if (before !== undefined && before >= name) {
      return left(issueAtIndex(name, 0, `output names in order, each once, after ${quoted(before)}`))
    }
  }
  return names.length === 0 ? left(issueAtIndex('', 0, 'at least one output name')) : right(names.join(','))
}
