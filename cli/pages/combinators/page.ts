import { hexOf } from '../../../bytes/hex.js'
import type { Grammar } from '../../../combinators/node.js'
import { compile } from '../../../interpreters/compile/index.js'
import { expressionValue } from '../example-scope.js'
import { pageOfParts } from '../sections.js'
import { type Word, type WordGroup, wordGroups } from './words.js'

/** Bytes in groups of eight, the unit of the wire. */
const inWords = (bytes: Uint8Array): string => (hexOf(bytes).match(/.{1,16}/g) ?? []).join(' ')

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

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

const agreed = ({ version, features = [] }: NonNullable<NonNullable<Word['example']>['protocol']>): string =>
  `<br>under ${[version, ...features].join(', ')}`

const rowOf = ({ word, line, example }: Word): string => {
  if (example === undefined) {
    return `| ${code(word)} | ${line} |  |  |`
  }
  const { grammar, value, protocol } = example
  const bytes = exampleBytes(example)
  const cells = [
    code(word),
    line,
    `${grammar === word ? '' : `${code(grammar)}<br>`}${code(value)}${protocol === undefined ? '' : agreed(protocol)}`,
    bytes.length === 0 ? 'none' : code(inWords(bytes)),
  ]
  return `| ${cells.join(' | ')} |`
}

const withExamples = (words: ReadonlyArray<Word>): ReadonlyArray<string> => [
  '| combinator | what it is | example and value | bytes |',
  '| --- | --- | --- | --- |',
  ...words.map(rowOf),
]

const withoutExamples = (words: ReadonlyArray<Word>): ReadonlyArray<string> => [
  '| function | what it gives |',
  '| --- | --- |',
  ...words.map(({ word, line }) => `| ${code(word)} | ${line} |`),
]

const sectionOf = ({ title, about, words }: WordGroup): string => {
  const table = words.some(({ example }) => example !== undefined) ? withExamples : withoutExamples
  return [`## ${title}`, '', about, '', ...table(words)].join('\n')
}

const introduction = `Everything that \`nix-wire/combinators\` exports: what it is, an example with a value, and the bytes of this value. The root
\`nix-wire\` exports the same. Counts, lengths and tags are integers of eight bytes, little endian.
[A protocol of your own](guide/your-own-protocol.md) shows how to use them together.

\`npm run docs:protocol\` encodes the examples and prints this page; it is not edited by hand.`

/** The page of all combinators, in groups. */
export const combinatorsPage = (): string =>
  pageOfParts('# Combinators', introduction, ...wordGroups.map(sectionOf))
