import { serveCommands, serveHandshake } from '../../grammar/serve/serve.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import { type Pictured, printedFlow } from './flows.js'
import { legendOf } from './legend.js'
import { pageOfParts, sectionsOn } from './sections.js'

const pictured = {
  handshake: {
    name: 'serve-handshake',
    title: 'How a connection of the serve protocol begins',
    flow: serveHandshake,
    server: 'server',
  },
  commands: {
    name: 'serve-commands',
    title: 'The commands of the serve protocol',
    flow: serveCommands({ archive: narDelimiter }),
    server: 'server',
  },
} satisfies { readonly [what: string]: Pictured }

/** The flows of this page that have a diagram. */
export const servePictures: ReadonlyArray<Pictured> = Object.values(pictured)

/** The serve protocol; checked in as docs/serve-protocol.md. */
export const servePage = (): string => {
  const parts = sectionsOn('serve-protocol.md')
  return pageOfParts(
    '# Serve protocol',
    'Printed from the grammars of this package by `npm run docs:protocol`; not edited by hand.',
    '`nix-store --serve` speaks it on its standard input and output; an `ssh://` store runs that on another machine. It is\n' +
      'another protocol than that of the [daemon](handshake.md), with its own versions, 2.1 to 2.8: each version on this\n' +
      'page is one of them. It has no log and no features; a server writes messages to its stderr.',
    '## How a connection begins',
    printedFlow(pictured.handshake),
    '## Commands',
    'A client sends one command after another, and closes at the end. A command that fails gets no reply: the server closes.',
    printedFlow(pictured.commands),
    'An upload or a download of [Nar](protocol.md#nar) is a plain archive, one of [ImportPaths](protocol.md#importpaths) the output of\n' +
      '`nix-store --export`.',
    legendOf(parts.join('\n')),
    ...parts,
  )
}
