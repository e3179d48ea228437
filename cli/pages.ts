import { determinateOperations } from '../grammar/operations/dialects.js'
import { operations } from '../grammar/operations/table.js'
import { sections } from '../grammar/sections.js'
import { toMarkdownPage } from '../interpreters/markdown/index.js'
import { operationsMarkdown } from '../interpreters/operations-markdown.js'

const introduction = `Printed from the grammars of this package by \`npm run docs:protocol\`; not edited by hand. Where it differs
from the serialization page that it follows, [corrections.md](corrections.md) says so.

\`name :: Type\` is a field. A heading that begins with "If" says when the fields under it are on the wire; elsewhere
a value has the default.`

/** The page of all grammars, which is checked in as docs/protocol.md. */
export const protocolPage = (): string =>
  toMarkdownPage('The serialization of the Nix daemon protocol', introduction, sections)

const operationsOf = (title: string, table: Parameters<typeof operationsMarkdown>[0]): string =>
  operationsMarkdown(table)
    .trim()
    .replace(/^# .*$/m, `# ${title}\n\nPrinted from the table of operations; not edited by hand.`)

/** The page of all operations, which is checked in as docs/operations.md. */
export const operationsPage = (): string => {
  const all = operationsOf('The operations of the Nix daemon protocol', Object.values(operations))
  const dialect = operationsOf('Operations of Determinate Nix', Object.values(determinateOperations))
  return `${all}\n\n${dialect}\n`
}
