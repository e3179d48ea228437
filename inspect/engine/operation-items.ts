import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { framed } from '../../combinators/structures/framed.js'
import { AddMultipleToStore } from '../../grammar/add-multiple-to-store.js'
import { ExportPath, ImportPaths } from '../../grammar/export.js'
import { Int } from '../../grammar/integers.js'
import { LogMessage } from '../../grammar/logging.js'
import { Nar } from '../../grammar/nar.js'
import { takesNoArguments } from '../../grammar/operations/operation.js'
import type { ContentSummary, OperationEvent, StreamSummary } from '../../session/events.js'
import { narPhrase, piecesPhrase, withoutContent } from '../../session/phrases.js'
import { type Item, itemOf, type Span, type Streams } from './item.js'
import { logItems, logRanges } from './log-items.js'
import { Pieces } from './pieces.js'
import { plainInRow } from './plain-text.js'
import { countOf } from './value-text.js'

/** Larger streams are not dissected. */
const largestDissected = 4 * 2 ** 20

/**
 * The parts of an operation: number, request, upload, log, reply or download. An operation that is cut, or whose
 * request is invalid, has the parts that came.
 */
export const operationParts = (event: OperationEvent, { client, server }: Streams): ReadonlyArray<Item> => {
  const { operation, protocol, outcome } = event
  const stream = toNullable(event.stream)
  const request = requestPieces(event, client)
  const log = logRanges(server, event.server[0], event.server[1], protocol)
  const reply = new Pieces(server, 1, [log.next, event.server[1]], protocol)
  const isDownload = stream?.direction === 'download' && stream.way === 'raw'
  if (outcome === 'unfinished' && !log.ended && reply.left > 0) {
    reply.take('message', LogMessage)
  } else if (isSome(operation) && outcome !== 'error' && !isDownload && reply.left > 0) {
    reply.takeAny('reply', operation.value.reply)
  }
  return [
    ...request.items,
    ...(stream === null || isDownload
      ? []
      : [streamItem(stream, client, 0, [request.at, event.client[1]], event)]),
    ...logItems(server, log, protocol),
    ...reply.items,
    ...(stream !== null && isDownload
      ? [streamItem(stream, server, 1, [log.next, event.server[1]], event)]
      : []),
  ]
}

/** The number of an operation, and its request. */
export const requestPieces = ({ operation, client, protocol }: OperationEvent, bytes: Uint8Array): Pieces => {
  const pieces = new Pieces(bytes, 0, client, protocol)
  pieces.take('operation', Int)
  if (isSome(operation) && !takesNoArguments(operation.value)) {
    pieces.takeAny('request', operation.value.request)
  }
  return pieces
}

const streamItem = (
  stream: StreamSummary,
  bytes: Uint8Array,
  index: 0 | 1,
  [start, end]: readonly [number, number],
  { protocol }: OperationEvent,
): Item => {
  const grammar = end - start > largestDissected ? null : grammarOf(stream)
  const content = isSome(stream.content) ? [contentPhrase(stream.content.value)] : withoutContent(stream)
  // Pulled and pushed pieces are not contiguous.
  const spans: ReadonlyArray<Span> =
    stream.way === 'framed' || stream.way === 'raw' ? [{ stream: index, start, end }] : []
  return itemOf({
    kind: 'group',
    name: stream.direction,
    grammar: stream.expected,
    value: [piecesPhrase(stream), ...content].join(': '),
    spans,
    children: () => {
      const pieces = new Pieces(bytes, index, [start, end], protocol)
      if (grammar !== null && spans.length > 0) {
        pieces.takeAny('content', grammar)
      }
      return pieces.items
    },
  })
}

const grammarOf = ({ way, expected, content }: StreamSummary): AnyGrammar | null => {
  const inner = contentGrammar(expected, isSome(content) ? content.value : null)
  return inner !== null && way === 'framed' ? framed(inner as Grammar<unknown>) : inner
}

const contentGrammar = (
  expected: StreamSummary['expected'],
  content: ContentSummary | null,
): AnyGrammar | null => {
  switch (expected) {
    case 'Nar':
      return Nar
    case 'Dump':
      return content?._tag === 'Nar' ? Nar : null
    case 'AddMultipleToStore':
      return AddMultipleToStore
    case 'ExportPath':
      return ExportPath
    case 'ImportPaths':
      return ImportPaths
    case 'Log':
      return null
  }
}

const contentPhrase = (content: ContentSummary): string => {
  switch (content._tag) {
    case 'Nar':
      return narPhrase(content)
    case 'File':
      return `a file, sha256 ${content.sha256}`
    case 'Log':
      return `a log of ${countOf(content.lines, 'line')}`
    case 'AddMultipleToStore':
    case 'ImportPaths':
      return countOf(content.paths.length + content.omitted, 'path')
    case 'ExportPath':
      return plainInRow(content.path.info.path)
  }
}
