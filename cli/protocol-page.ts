import { sections } from '../grammar/sections.js'
import { toMarkdownPage } from '../interpreters/markdown/index.js'

const introduction = `Printed from the grammars of this package by \`npm run docs:protocol\`; not edited by hand. Where it differs
from the serialization page that it follows, [corrections.md](corrections.md) says so.

\`name :: Type\` is a field. A heading that begins with "If" says when the fields under it are on the wire; elsewhere
a value has the default.`

/** The page of all grammars, which is checked in as docs/protocol.md. */
export const protocolPage = (): string =>
  toMarkdownPage('The serialization of the Nix daemon protocol', introduction, sections)
