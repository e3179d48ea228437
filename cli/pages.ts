import { determinateOperations } from '../grammar/operations/dialects.js'
import { operations } from '../grammar/operations/table.js'
import { combinatorsPage } from './pages/combinators/page.js'
import { conversationPictures, handshakePage, loggingPage } from './pages/conversation.js'
import { flowWordsPage } from './pages/conversation-words/page.js'
import { pictures } from './pages/flows.js'
import { issuePages } from './pages/issues/page.js'
import { legendOf } from './pages/legend.js'
import { operationsMarkdown } from './pages/operations.js'
import { pageOfParts, sectionsOn } from './pages/sections.js'
import { servePage, servePictures } from './pages/serve.js'
import { versionsPage } from './pages/versions.js'
import { waysParts, waysPictures } from './pages/ways.js'

const introduction = `Printed from the grammars of this package by \`npm run docs:protocol\`; not edited by hand. Where it differs
from the serialization page that it follows, [corrections.md](corrections.md) says so.

\`name :: Type\` is a field. A heading that begins with "If" says when the fields under it are on the wire; otherwise
the value is the default.`

/** The page of the grammars without a page of their own. */
export const protocolPage = (): string => {
  const parts = sectionsOn('protocol.md')
  return pageOfParts('# Serialization', introduction, legendOf(parts.join('\n')), ...parts)
}

const operationsOf = (
  title: string,
  table: Parameters<typeof operationsMarkdown>[0],
  besides: string,
): string =>
  operationsMarkdown(table)
    .trim()
    .replace(/^# .*$/m, `# ${title}\n\nPrinted from the table of operations; not edited by hand.${besides}`)

const goes = `\nAfter the operations of Nix come [the course of an operation](#how-an-operation-goes), and the contents of streams.`

/** The page of all operations. */
const operationsPage = (): string => {
  const all = operationsOf('Operations', Object.values(operations), goes)
  const dialect = operationsOf('Operations of Determinate Nix', Object.values(determinateOperations), '')
  return pageOfParts(all, ...waysParts(), dialect)
}

/** The printed pages by their names in docs/, where they are checked in. */
export const pages: { readonly [name: string]: () => string } = {
  'combinators.md': combinatorsPage,
  'conversation-combinators.md': flowWordsPage,
  ...issuePages,
  'protocol.md': protocolPage,
  'handshake.md': handshakePage,
  'logging.md': loggingPage,
  'operations.md': operationsPage,
  'versions-and-features.md': versionsPage,
  'serve-protocol.md': servePage,
  ...Object.fromEntries(pictures([...conversationPictures, ...waysPictures(), ...servePictures])),
}
