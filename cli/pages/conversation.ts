import { markdownTable } from '../../bytes/markdown-table.js'
import { showGate } from '../../combinators/gate.js'
import { type AnyFlow, toDiagram, toTable } from '../../conversation/index.js'
import { elsewhere } from '../../conversation/printer/words.js'
import { handshake } from '../../grammar/conversation/handshake.js'
import { log, pullingLog, pushingLog } from '../../grammar/conversation/log.js'
import { activityShapes, resultShapes } from '../../grammar/log-fields.js'
import type { Stream } from '../../grammar/operations/operation.js'
import { operations } from '../../grammar/operations/table.js'
import { linkTo, pageOfParts, sectionsOn } from './sections.js'

const introduction = `Printed from the grammars of this package by \`npm run docs:protocol\`; not edited by hand.`

/** Of the first word of a client there is no section of its own. */
const message = (name: string): string =>
  name === 'ClientMagic' ? `the magic of ${linkTo('ClientHello')}` : linkTo(name)

const printing = { sides: { server: 'daemon' }, message }

/** A flow as a table and as a diagram. */
const printed = (flow: AnyFlow): string =>
  pageOfParts(toTable(flow, printing), `\`\`\`mermaid\n${toDiagram(flow, printing)}\n\`\`\``).trimEnd()

/** How a connection begins; checked in as docs/handshake.md. */
export const handshakePage = (): string =>
  pageOfParts(
    '# Handshake',
    introduction,
    'A connection begins with these words, in this order. What is said behind an agreement is read under it.',
    printed(handshake),
    'Then the client asks its first [operation](operations.md), as a habit [SetOptions](operations.md#setoptions).',
    ...sectionsOn('handshake.md'),
  )

/** The operations that have a stream of this kind, and where they have it. */
const operationsWith = (way: Stream['way']): string =>
  Object.values(operations)
    .flatMap(({ name, streams }) => {
      const at = streams.findIndex((stream) => stream.way === way)
      const where = streams.slice(0, at + 1).map(({ gate }, i) => (i < at ? elsewhere(gate) : showGate(gate)))
      return at < 0 ? [] : [`[${name}](operations.md#${name.toLowerCase()}) (${where.reverse().join(', ')})`]
    })
    .join(' and ')

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

/** What a daemon says between request and reply; checked in as docs/logging.md. */
export const loggingPage = (): string =>
  pageOfParts(
    '# Logging',
    introduction,
    'Between its request and its reply an operation has a log. An `Error` ends the operation: no reply comes, and the\n' +
      'client may ask its next one. While a client uploads, messages come too.',
    printed(log),
    '## A log that pulls',
    `A daemon asks for an upload piece by piece in ${operationsWith('pulled')}.`,
    printed(pullingLog),
    '## A log that pushes',
    `A daemon sends a download among the messages in ${operationsWith('pushed')}.`,
    printed(pushingLog),
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
