import { showGate } from '../../combinators/gate.js'
import type { AnyFlow } from '../../conversation/flow.js'
import { says } from '../../conversation/kinds/says.js'
import { sequence } from '../../conversation/kinds/sequence.js'
import { namedParts } from '../../conversation/printer/named-parts.js'
import { elsewhere } from '../../conversation/printer/words.js'
import { callOf, withStream } from '../../grammar/conversation/call.js'
import { contentOf } from '../../grammar/conversation/contents.js'
import { workerOf } from '../../grammar/conversation/worker.js'
import { Int } from '../../grammar/integers.js'
import type { AnyOperation, Stream, StreamContent } from '../../grammar/operations/operation.js'
import { operations } from '../../grammar/operations/table.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import { flowTable, type Pictured, printedFlow } from './flows.js'

const contents = { archive: narDelimiter }

const all: ReadonlyArray<AnyOperation> = Object.values(operations)

interface Carrying {
  readonly operation: AnyOperation
  readonly stream: Stream
}

const carrying = (isIt: (stream: Stream) => boolean): ReadonlyArray<Carrying> =>
  all.flatMap((operation) =>
    operation.streams.filter(isIt).map((stream): Carrying => ({ operation, stream })),
  )

/** An operation that carries bytes in this way, and the condition for it. */
const where = ({ operation: { name, streams }, stream }: Carrying): string => {
  const before = streams.slice(0, streams.indexOf(stream)).map(({ gate }) => elsewhere(gate))
  return `[${name}](operations.md#${name.toLowerCase()}) (${[showGate(stream.gate), ...before].join(', ')})`
}

/** The operations that carry bytes in a way, with their conditions. */
export const operationsWith = (isIt: (stream: Stream) => boolean): string =>
  carrying(isIt).map(where).join('; ')

interface Way {
  /** The name of its diagram. */
  readonly name: string
  readonly title: string
  readonly text: string
  readonly isIt: (stream: Stream) => boolean
}

const ways: ReadonlyArray<Way> = [
  {
    name: 'upload-framed',
    title: 'An upload in frames',
    text: 'The frames come after the request, concurrently with the log.',
    isIt: ({ way }) => way === 'framed',
  },
  {
    name: 'upload-raw',
    title: 'A raw upload',
    text: 'The upload comes after the request, and finds its own end.',
    isIt: ({ way, direction }) => way === 'raw' && direction === 'upload',
  },
  {
    name: 'upload-pulled',
    title: 'An upload that is pulled',
    text: 'The daemon requests pieces in its log.',
    isIt: ({ way }) => way === 'pulled',
  },
  {
    name: 'download-pushed',
    title: 'A download that is pushed',
    text: 'The daemon sends the pieces in its log.',
    isIt: ({ way }) => way === 'pushed',
  },
  {
    name: 'download-raw',
    title: 'A raw download',
    text: 'The download comes in place of the reply, and finds its own end.',
    isIt: ({ way, direction }) => way === 'raw' && direction === 'download',
  },
]

const turn = ({ request }: AnyOperation, rest: AnyFlow): AnyFlow =>
  sequence(says('client', 'operation', Int), says('client', 'request', request), rest)

/** The first operation that carries bytes in a way. */
const picturedWay = ({ name, title, isIt }: Way): ReadonlyArray<Pictured & Carrying> =>
  carrying(isIt)
    .slice(0, 1)
    .map(({ operation, stream }) => ({
      name,
      title: `${title}: ${operation.name}`,
      flow: turn(operation, withStream(operation, stream, contents)),
      operation,
      stream,
    }))

const wayParts = (way: Way): ReadonlyArray<string> =>
  picturedWay(way).flatMap((pictured) => [
    `### ${way.title}`,
    `${way.text} This is how it goes in ${operationsWith(way.isIt)}. Here ${pictured.operation.name}:`,
    printedFlow(pictured),
  ])

const contentParts = (content: StreamContent): ReadonlyArray<string> => {
  const found = carrying((stream) => stream.content === content)
  return found
    .slice(0, 1)
    .flatMap(({ operation: { request }, stream: { direction } }) => [
      `### The content ${content}`,
      `In ${[...new Set(found.map(({ operation: { name } }) => `[${name}](#${name.toLowerCase()})`))].join(', ')}.`,
      flowTable(
        contentOf({ content, request }, direction === 'upload' ? 'client' : 'server', 'content', contents),
      ),
    ])
}

const carried: ReadonlyArray<StreamContent> = [
  'Nar',
  'Dump',
  'Log',
  'AddMultipleToStore',
  'ExportPath',
  'ImportPaths',
]

const { IsValidPath } = operations

const plainOperation: Pictured = {
  name: 'operation',
  title: `An operation without a stream: ${IsValidPath.name}`,
  flow: sequence(says('client', 'operation', Int), callOf(IsValidPath, contents)),
}

const departures = (): ReadonlyArray<Pictured> =>
  [namedParts(workerOf(operations, contents)).get('departure')].flatMap((flow) =>
    flow === undefined ? [] : [{ name: 'departure', title: 'A daemon that breaks off', flow }],
  )

/** The flows of this page that have a diagram. */
export const waysPictures = (): ReadonlyArray<Pictured> => [
  plainOperation,
  ...ways.flatMap(picturedWay),
  ...departures(),
]

/** The sections about the course of an operation, with and without bytes. */
export const waysParts = (): ReadonlyArray<string> => [
  '## How an operation goes',
  'After the [handshake](handshake.md) a client requests one operation after another, until it closes. The messages come in this\n' +
    'order; the sections above have the form of each request and each reply.',
  '### Without a stream',
  `This is how most go. Here ${IsValidPath.name}:`,
  printedFlow(plainOperation),
  ...ways.flatMap(wayParts),
  '### If the daemon breaks off',
  'It may do so at any moment: it sends an error once more, or in place of what it was sending, and closes.',
  ...departures().map(printedFlow),
  '## The contents of streams',
  ...carried.flatMap(contentParts),
]
