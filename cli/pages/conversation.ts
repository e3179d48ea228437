import { markdownTable } from '../../bytes/markdown-table.js'
import { handshake } from '../../grammar/conversation/handshake.js'
import { log, pullingLog, pushingLog } from '../../grammar/conversation/log.js'
import { activityShapes, resultShapes } from '../../grammar/log-fields.js'
import { type Pictured, printedFlow } from './flows.js'
import { pageOfParts, sectionsOn } from './sections.js'
import { operationsWith } from './ways.js'

const introduction = `Printed from the grammars of this package by \`npm run docs:protocol\`; not edited by hand.`

const pictured = {
  handshake: { name: 'handshake', title: 'The handshake', flow: handshake },
  log: { name: 'log', title: 'The log of an operation', flow: log },
  pulling: { name: 'pulling-log', title: 'A log that pulls an upload', flow: pullingLog },
  pushing: { name: 'pushing-log', title: 'A log that pushes a download', flow: pushingLog },
} satisfies { readonly [what: string]: Pictured }

/** The flows of these pages that have a diagram. */
export const conversationPictures: ReadonlyArray<Pictured> = Object.values(pictured)

/** How a connection begins; checked in as docs/handshake.md. */
export const handshakePage = (): string =>
  pageOfParts(
    '# Handshake',
    introduction,
    'A connection begins with these messages, in this order. What comes after an agreement is read under it.',
    printedFlow(pictured.handshake),
    'Then the client requests its first [operation](operations.md), usually [SetOptions](operations.md#setoptions).',
    ...sectionsOn('handshake.md'),
  )

const fieldsTable = (what: string, shapes: typeof activityShapes | typeof resultShapes): string =>
  markdownTable(
    [what, 'fields'],
    Object.entries(shapes).map(([type, shape]) => [
      type,
      Object.entries(shape)
        .map(([name, kind]) => `${name} (${kind})`)
        .join(', '),
    ]),
  )

/** The messages of a daemon between request and reply; checked in as docs/logging.md. */
export const loggingPage = (): string =>
  pageOfParts(
    '# Logging',
    introduction,
    'Between its request and its reply an operation has a log. An `Error` ends the operation: no reply comes, and the\n' +
      'client may request the next one. Messages come during an upload too.',
    printedFlow(pictured.log),
    '## A log that pulls',
    `A daemon requests an upload piece by piece in ${operationsWith(({ way }) => way === 'pulled')}.`,
    printedFlow(pictured.pulling),
    '## A log that pushes',
    `A daemon sends a download among the messages in ${operationsWith(({ way }) => way === 'pushed')}.`,
    printedFlow(pictured.pushing),
    ...sectionsOn('logging.md'),
    '## Fields of activities',
    `The fields of a \`StartActivity\` message by its [ActivityType](protocol.md#activitytype), in their order. A text is\n` +
      'a field of type String; a number, a flag and an activity are fields of type Int. BuildWaiting has no fields, or\n' +
      'the paths of two derivations.',
    fieldsTable('activity', activityShapes),
    '## Fields of results',
    'The fields of a `Result` message by its [ResultType](protocol.md#resulttype).',
    fieldsTable('result', resultShapes),
  )
