import { pageOfParts } from '../sections.js'
import { code, codeOfBytes, groupSection, helperTable, tableOf, underOf } from '../word-tables.js'
import { messageExpressions } from './messages.js'
import { type Passage, passagesOf } from './passing.js'
import { type FlowWord, type FlowWordGroup, flowWordGroups } from './words.js'

const lineOf = ({ side, bytes, passed }: Passage): string => {
  const arrow = side === 'client' ? '→' : '←'
  if ('closes' in passed) {
    return `${arrow} closes`
  }
  return 'value' in passed
    ? `${arrow} ${code(passed.key)} is ${code(passed.value)}: ${codeOfBytes(bytes)}`
    : `${arrow} ${code(passed.key)}: ${code(passed.bytes)}`
}

const cellsOf = ({ word, line, example }: FlowWord): ReadonlyArray<string> => {
  if (example === undefined) {
    return [code(word), line, '', '']
  }
  const { flow, protocol } = example
  const lines = passagesOf(example).map(lineOf)
  return [
    code(word),
    line,
    `${code(flow)}${protocol === undefined ? '' : underOf(protocol)}`,
    lines.length === 0 ? 'none' : lines.join('<br>'),
  ]
}

const exampleTable = (words: ReadonlyArray<FlowWord>): ReadonlyArray<string> =>
  tableOf(['combinator', 'what it is', 'example', 'on the wire'], words.map(cellsOf))

const sectionOf = ({ title, about, words }: FlowWordGroup): string => {
  const table = words.some(({ example }) => example !== undefined) ? exampleTable : helperTable
  return groupSection(title, about, table(words))
}

const definitions = Object.entries(messageExpressions).map(
  ([name, expression]) => `const ${name} = ${expression}`,
)

const introduction = `Everything that \`nix-wire/conversation\` exports: what it is, an example, and what passes between the two sides in one
session of it. \`→\` is from the client to the server, \`←\` from the server to the client. The messages are made with
[the combinators of grammars](combinators.md). [A protocol of your own](guide/your-own-protocol.md#who-says-what) shows how to use
them together.

\`npm run docs:protocol\` encodes the sessions and prints this page; it is not edited by hand. The examples share these messages:

\`\`\`ts
import { tagged, u32, u8, utf8 } from 'nix-wire'

${definitions.join('\n')}
\`\`\``

/** The page of all combinators of flows, in groups. */
export const flowWordsPage = (): string =>
  pageOfParts('# Combinators of conversations', introduction, ...flowWordGroups.map(sectionOf))
