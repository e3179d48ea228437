import { hexOf } from '../../../bytes/hex.js'
import type { Grammar } from '../../../combinators/node.js'
import { compile } from '../../../interpreters/compile/index.js'
import { expressionValue } from '../example-scope.js'
import { pageOfParts } from '../sections.js'
import { type Word, type WordGroup, wordGroups } from './words.js'

/** Bytes in groups of eight, as the wire has its words. */
const inWords = (bytes: Uint8Array): string => (hexOf(bytes).match(/.{1,16}/g) ?? []).join(' ')

/** The bytes of a word's example. */
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

const sectionOf = ({ title, about, words }: WordGroup): string =>
  [
    `## ${title}`,
    '',
    about,
    '',
    '| word | what it is | example and value | bytes |',
    '| --- | --- | --- | --- |',
    ...words.map(rowOf),
  ].join('\n')

const introduction = `Every word of \`nix-wire/combinators\`, with an example, one of its values and the bytes of this value. The root
\`nix-wire\` has the same words. Counts, lengths and tags are integers of eight bytes, little endian. Printed from a table
by \`npm run docs:protocol\`, which encodes the examples; not edited by hand.

How to use them together: [a protocol of your own](guide/your-own-protocol.md).`

/** The page of all combinators, in groups. */
export const combinatorsPage = (): string =>
  pageOfParts('# Combinators', introduction, ...wordGroups.map(sectionOf))
