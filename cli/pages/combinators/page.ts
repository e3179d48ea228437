import type { Grammar } from '../../../combinators/node.js'
import { compile } from '../../../interpreters/compile/index.js'
import { expressionValue } from '../example-scope.js'
import { pageOfParts } from '../sections.js'
import { code, codeOfBytes, groupSection, helperTable, tableOf, underOf } from '../word-tables.js'
import { type Word, type WordGroup, wordGroups } from './words.js'

/** The bytes of a combinator's example. */
export const exampleBytes = ({ grammar, value, protocol }: NonNullable<Word['example']>): Uint8Array => {
  const bytes = compile(expressionValue(grammar) as Grammar<unknown>, protocol ?? {}).encode(
    expressionValue(value),
  )
  if (bytes._tag === 'Left') {
    throw new Error(`${grammar} does not encode ${value}: ${bytes.left.expected}`)
  }
  return bytes.right
}

const cellsOf = ({ word, line, example }: Word): ReadonlyArray<string> => {
  if (example === undefined) {
    return [code(word), line, '', '']
  }
  const { grammar, value, protocol } = example
  const bytes = exampleBytes(example)
  return [
    code(word),
    line,
    `${grammar === word ? '' : `${code(grammar)}<br>`}${code(value)}${protocol === undefined ? '' : underOf(protocol)}`,
    bytes.length === 0 ? 'none' : codeOfBytes(bytes),
  ]
}

const exampleTable = (words: ReadonlyArray<Word>): ReadonlyArray<string> =>
  tableOf(['combinator', 'what it is', 'example and value', 'bytes'], words.map(cellsOf))

const sectionOf = ({ title, about, words }: WordGroup): string => {
  const table = words.some(({ example }) => example !== undefined) ? exampleTable : helperTable
  return groupSection(title, about, table(words))
}

const introduction = `Everything that \`nix-wire/combinators\` exports: what it is, an example with a value, and the bytes of this value. The root
\`nix-wire\` exports the same. Counts, lengths and tags are integers of eight bytes, little endian.
[A protocol of your own](guide/your-own-protocol.md) shows how to use them together. The
[combinators of conversations](conversation-combinators.md) put messages in order.

\`npm run docs:protocol\` encodes the examples and prints this page; it is not edited by hand.`

/** The page of all combinators, in groups. */
export const combinatorsPage = (): string =>
  pageOfParts('# Combinators', introduction, ...wordGroups.map(sectionOf))
