import { isSome } from 'fp-ts/lib/Option.js'
import { shellWord } from '../bytes/shell-word.js'
import { brief } from '../interpreters/dissect/brief.js'
import { explain } from '../interpreters/explain.js'
import { jsonStart } from '../interpreters/json/start.js'
import { isObject, type Json } from '../interpreters/json/text.js'
import type {
  BrokenMessage,
  ContentSummary,
  EndEvent,
  HandshakeEvent,
  IssueEvent,
  NarSummary,
  OperationEvent,
  Ranges,
  SessionEvent,
  SessionMessage,
  Side,
  StartedEvent,
  StreamSummary,
} from '../session/events.js'
import { eventJson } from '../session/json.js'
import {
  endless,
  handshakePhrases,
  lackingPhrase,
  messagePhrase,
  narPhrase,
  piecesPhrase,
  withoutContent,
  withoutLastBreaks,
} from '../session/phrases.js'
import { nixDefaults } from '../types/nix-protocol.js'
import { colours as pc } from './colours.js'
import { jsonText, visible } from './visible.js'

// Longer texts are folded, unless all is requested.
const linesShown = 12
const widthShown = 160

const textShown = 20_000

const widthOf = (all: boolean, width = widthShown): number => (all ? Number.POSITIVE_INFINITY : width)

const linesOf = (text: string, all: boolean): ReadonlyArray<string> =>
  withoutLastBreaks(text, widthOf(all, textShown))
    .split('\n')
    .map((line) => visible(line))

export const field = (name: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line, i) => `  ${pc.dim((i === 0 ? name : '').padEnd(8))} ${line}`)

const folded = (lines: ReadonlyArray<string>, all: boolean): ReadonlyArray<string> =>
  foldedLines(lines, all, (line) => line)

/** A line for each shown item, without work for the others. */
const foldedLines = <A>(
  items: ReadonlyArray<A>,
  all: boolean,
  line: (item: A) => string,
): ReadonlyArray<string> =>
  all || items.length <= linesShown
    ? items.map(line)
    : [...items.slice(0, linesShown).map(line), pc.dim(`… and ${items.length - linesShown} more`)]

export const jsonLine = (json: Json, all: boolean): string =>
  all ? jsonText(json) : jsonStart(json, widthShown)

/** One line if the value is short; otherwise a line for each field or item. */
export const valueLines = (json: Json, all: boolean): ReadonlyArray<string> => {
  const line = jsonLine(json, all)
  if (line.length > 100 && Array.isArray(json)) {
    return foldedLines(json as ReadonlyArray<Json>, all, (item) => jsonLine(item, all))
  }
  return line.length > 100 && isObject(json)
    ? foldedLines(Object.entries(json), all, ([key, value]) => `${visible(key)} ${jsonLine(value, all)}`)
    : [line]
}

export const ranges = ({ client, server }: Ranges): string =>
  pc.dim(`client ${client[0]}–${client[1]}  server ${server[0]}–${server[1]}`)

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

const paths = (
  given: ReadonlyArray<{ readonly info: { readonly path: string }; readonly nar: NarSummary }>,
  omitted: number,
): ReadonlyArray<string> => [
  plural(given.length + omitted, 'path'),
  ...given.map(({ info, nar: archive }) => `${visible(info.path)}  ${narPhrase(archive)}`),
]

const contentLines = (content: ContentSummary): ReadonlyArray<string> => {
  switch (content._tag) {
    case 'Nar':
      return [narPhrase(content)]
    case 'File':
      return [`file of ${content.size} bytes, sha256 ${content.sha256}`]
    case 'Log':
      return [
        `log of ${content.size} bytes, ${plural(content.lines, 'line')}`,
        ...(content.size === 0 ? [] : linesOf(content.head, false).slice(0, 3)),
      ]
    case 'AddMultipleToStore':
    case 'ImportPaths':
      return paths(content.paths, content.omitted)
    case 'ExportPath':
      return paths([content.path], 0)
  }
}

const streamLines = (stream: StreamSummary, all: boolean): ReadonlyArray<string> => {
  const trailing = stream.trailing > 0 ? `, ${stream.trailing} of them behind the content` : ''
  const content = isSome(stream.content) ? contentLines(stream.content.value) : withoutContent(stream)
  return field(stream.direction, folded([`${piecesPhrase(stream)}${trailing}`, ...content], all))
}

const messageText = (message: SessionMessage, all: boolean): string =>
  visible(messagePhrase(message, widthOf(all) + 1), widthOf(all))

const logLines = (event: OperationEvent | HandshakeEvent, all: boolean): ReadonlyArray<string> => {
  const omitted = event.kind === 'operation' ? event.logOmitted : 0
  const count = event.log.length + omitted
  return count === 0
    ? []
    : field(
        'log',
        foldedLines([null, ...event.log], all, (each) =>
          each === null ? plural(count, 'message') : messageText(each, all),
        ),
      )
}

const member = (json: Json, key: string): Json => (isObject(json) ? (json[key] ?? null) : null)

type Named = Pick<OperationEvent, 'id' | 'operation' | 'lacking' | 'protocol'>

const title = (event: Named): string => {
  const { id, operation } = event
  const name = isSome(operation)
    ? `${pc.bold(operation.value.name)} ${pc.dim(`(${id})`)}`
    : pc.bold(`operation ${id}`)
  return `${name}${lackingPhrase(event)}`
}

const errorLines = (error: OperationEvent['error'], twice: boolean, all: boolean): ReadonlyArray<string> =>
  isSome(error)
    ? field(
        pc.red('error'),
        [
          ...linesOf(error.value.msg, all),
          ...error.value.traces.flatMap(({ hint }) => linesOf(hint, all)),
          ...(twice ? ['(said twice: the daemon closes)'] : []),
        ].map((line) => pc.red(line)),
      )
    : []

export const timeField = (when: string): ReadonlyArray<string> => (when === '' ? [] : field('time', [when]))

const handshakeText = (event: HandshakeEvent, all: boolean, when: string): ReadonlyArray<string> => {
  const about = handshakePhrases(event).map((phrase) => visible(phrase, widthOf(all, textShown)))
  return [
    `${pc.bold('handshake')}  ${ranges(event)}`,
    ...timeField(when),
    ...field('', [about.join(', ')]),
    ...logLines(event, all),
    ...errorLines(event.error, false, all),
  ]
}

const unfinishedLine = (isOpen: boolean): ReadonlyArray<string> =>
  isOpen ? field(pc.yellow('pending'), ['']) : field(pc.yellow('no end'), [endless])

const operationText = (
  event: OperationEvent,
  all: boolean,
  when: string,
  isOpen: boolean,
): ReadonlyArray<string> => {
  const json = eventJson(event)
  const request = member(json, 'request')
  const isNameless = isSome(event.request) && !isSome(event.operation)
  const isEmpty = isNameless || (isObject(request) && Object.keys(request).length === 0)
  const reply = event.outcome === 'reply' && isSome(event.reply)
  return [
    `${title(event)}  ${ranges(event)}`,
    ...timeField(when),
    ...(isEmpty
      ? []
      : field(
          'request',
          request === null ? ['none: it never came whole, or cannot be read'] : valueLines(request, all),
        )),
    ...(isSome(event.stream) ? streamLines(event.stream.value, all) : []),
    ...logLines(event, all),
    ...(reply ? field('reply', valueLines(member(json, 'reply'), all)) : []),
    ...(event.outcome === 'none' ? field(pc.green('done'), ['']) : []),
    ...(event.outcome === 'unfinished' ? unfinishedLine(isOpen) : []),
    ...errorLines(event.error, event.errorTwice, all),
  ]
}

const startedText = (event: StartedEvent): string => {
  const request = member(eventJson(event), 'request')
  const shown = request === null ? 'without a request that can be read' : jsonLine(request, false)
  return `${pc.dim('→')} ${title(event)}  ${shown}`
}

/** `serverName`: the name of the side that is not the client. */
export const endText = (
  { clientLeft, serverLeft }: Pick<EndEvent, 'clientLeft' | 'serverLeft'>,
  serverName: 'daemon' | 'server' = 'daemon',
): string =>
  clientLeft === 0 && serverLeft === 0
    ? pc.dim('end of both streams')
    : pc.yellow(`end; not read: ${clientLeft} bytes of the client, ${serverLeft} of the ${serverName}`)

/** Where the bytes of an issue can be found. */
export interface BytesFrom {
  /** A file with the bytes of its side alone. */
  readonly file?: string | undefined
  /** The recording, if it is one file. */
  readonly recording?: string | undefined
  /** The number of the connection in it, if it has several. */
  readonly connection?: number | null
}

/** An issue with the bytes around it, and the guess at its cause. */
export const issueText = (event: IssueEvent, excerpt = event.excerpt, from: BytesFrom = {}): string => {
  const during = isSome(event.during) ? ` during ${event.during.value}` : ''
  const guess = isSome(event.guess) ? [`  Guess: ${visible(event.guess.value)}`] : []
  const message = isSome(event.message) ? messageLines(event.side, event.message.value, from) : []
  return [`the ${event.side}'s stream${during}: ${explain(event.issue, excerpt)}`, ...guess, ...message].join(
    '\n',
  )
}

/** What was read of a message before the reading ended, and how to see its bytes. */
const messageLines = (
  side: Side,
  { type, start, protocol, fields }: BrokenMessage,
  { file, recording, connection = null }: BytesFrom,
): ReadonlyArray<string> => {
  const { version, features, storeDir } = protocol
  const words = [
    `-p ${version}`,
    ...features.map((feature) => `--feature ${feature}`),
    ...(storeDir === nixDefaults.storeDir ? [] : [`-s ${shellWord(storeDir)}`]),
    `--at ${start}`,
    file === undefined ? `message.${side}.bin` : shellWord(file),
  ]
  const which = connection === null ? '' : ` --connection ${connection + 1}`
  const converted =
    file === undefined
      ? [
          `  Its bytes: nix-wire convert ${recording === undefined ? 'RECORDING' : shellWord(recording)}${which} -o message`,
        ]
      : []
  return [
    ...fields.map(({ name, value }) => `  Read before it: ${visible(name)} = ${visible(brief(value))}`),
    ...converted,
    `  Its message: nix-wire dissect ${shellWord(type)} ${words.join(' ')}`,
  ]
}

/** What is known of an event in addition. */
export interface EventAbout {
  /** When it was. */
  readonly when?: string
  /** Whether the connection is open, so that unfinished operations may go on. */
  readonly isOpen?: boolean
}

/** An event for people; logs and values are folded unless `all` is set. */
export const eventText = (
  event: SessionEvent,
  all: boolean,
  { when = '', isOpen = false }: EventAbout = {},
): string => {
  const behind = when === '' ? '' : `  ${pc.dim(when)}`
  switch (event.kind) {
    case 'handshake':
      return handshakeText(event, all, when).join('\n')
    case 'operation':
      return operationText(event, all, when, isOpen).join('\n')
    case 'started':
      return `${startedText(event)}${behind}`
    case 'message':
      return `  ${pc.dim('│')} ${messageText(event.message, all)}${behind}`
    case 'issue':
      return pc.red(issueText(event))
    case 'end':
      return `${endText(event)}${behind}`
  }
}
