import { sha256 } from '@noble/hashes/sha2.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { showIssue } from '../../combinators/issue.js'
import { ClientHandshakeInfo } from '../../grammar/client-handshake-info.js'
import {
  ClientHello,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  ReserveSpace,
  ServerHello,
} from '../../grammar/handshake.js'
import { visible } from '../../interpreters/dissect/brief.js'
import type {
  EndEvent,
  HandshakeEvent,
  IssueEvent,
  OperationEvent,
  Outcome,
  Ranges,
  SessionEvent,
} from '../../session/events.js'
import { followed, SessionFollower } from '../../session/follower.js'
import type { SessionOptions } from '../../session/options.js'
import { handshakePhrases, lackingPhrase } from '../../session/phrases.js'
import { type Item, itemOf, type Span, type Streams } from './item.js'
import { logItem, logRanges } from './log-items.js'
import { operationParts } from './operation-items.js'
import { Pieces } from './pieces.js'
import { plain } from './plain-text.js'

/** What happened in a session, in order, and what is wrong with it. */
export const readSession = (
  client: Uint8Array,
  server: Uint8Array,
  options: SessionOptions,
): {
  readonly items: ReadonlyArray<Item>
  readonly issues: ReadonlyArray<IssueEvent>
  /** How many issues there are besides. */
  readonly omitted: number
} => {
  const follower = new SessionFollower(options, () => sha256.create())
  const streams = { client, server }
  const items: Array<Item> = []
  const issues: Array<IssueEvent> = []
  let omitted = 0
  for (const event of followed(follower, client, server)) {
    items.push(eventItem(event, streams))
    if (event.kind === 'issue') {
      issues.push(event)
    } else if (event.kind === 'end') {
      omitted = event.issuesOmitted ?? 0
    }
  }
  return { items, issues, omitted }
}

const eventItem = (event: SessionEvent, streams: Streams): Item => {
  switch (event.kind) {
    case 'handshake':
      return handshakeItem(event, streams)
    case 'operation':
      return operationItem(event, streams)
    case 'issue':
      return issueItem(event)
    case 'end':
      return endItem(event)
    case 'started':
    case 'message':
      throw new Error(`a ${event.kind} event, which was not asked for`)
  }
}

const spansOf = ({ client, server }: Ranges): ReadonlyArray<Span> =>
  [
    { stream: 0, start: client[0], end: client[1] } as const,
    { stream: 1, start: server[0], end: server[1] } as const,
  ].filter(({ start, end }) => start < end)

const handshakeItem = (event: HandshakeEvent, { client, server }: Streams): Item => {
  const phrases = handshakePhrases(event).map(visible)
  const failed = isSome(event.error)
  return itemOf({
    kind: 'handshake',
    name: 'handshake',
    value: failed ? plain(event.error.value.msg) : phrases.join(', '),
    tone: failed || event.unfinished ? 'wrong' : 'good',
    spans: spansOf(event),
    details: () => phrases.join('\n'),
    children: () => {
      const given = { version: event.version, features: event.features }
      const ours = new Pieces(client, 0, event.client, given)
      ours.take('client', ClientHello)
      ours.take('client features', FeatureList)
      const flag = ours.take('cpuAffinityFlag', CpuAffinityFlag)
      if (flag !== null && flag.value !== 0) {
        ours.take('cpuAffinity', CpuAffinity)
      }
      ours.take('reserveSpace', ReserveSpace)
      const theirs = new Pieces(server, 1, event.server, given)
      theirs.take('daemon', ServerHello)
      theirs.take('daemon features', FeatureList)
      theirs.take('info', ClientHandshakeInfo)
      const log = logRanges(server, theirs.at, event.server[1], given)
      return [...ours.items, ...theirs.items, ...(theirs.left > 0 ? [logItem(server, log, given)] : [])]
    },
  })
}

const endings: { readonly [O in Outcome]: string } = {
  reply: 'reply',
  error: 'error',
  none: 'done',
  unfinished: 'cut: its end is not there',
}

const operationItem = (event: OperationEvent, streams: Streams): Item => {
  const { id, operation, outcome, error, log, logOmitted } = event
  const messages = log.length + logOmitted
  const failed = isSome(error)
  const ending = failed ? `error: ${plain(error.value.msg)}` : endings[outcome]
  return itemOf({
    kind: 'operation',
    name: isSome(operation) ? operation.value.name : `operation ${id}`,
    grammar: String(id),
    value: messages > 0 ? `${ending} · ${messages.toLocaleString('en')} in its log` : ending,
    tone: failed || outcome === 'unfinished' ? 'wrong' : 'good',
    spans: spansOf(event),
    details: () =>
      [
        isSome(operation) ? `${operation.value.summary}${lackingPhrase(event)}` : '',
        ...(failed ? [error.value.msg, ...error.value.traces.map(({ hint }) => hint)] : []),
      ]
        .map(plain)
        .join('\n\n'),
    children: () => operationParts(event, streams),
  })
}

const issueItem = ({ side, issue, guess, during }: IssueEvent): Item => {
  const text = visible(showIssue(issue))
  const advice = isSome(guess) ? visible(guess.value) : null
  const span: Span = { stream: side === 'client' ? 0 : 1, start: issue.offset, end: issue.offset + 1 }
  return itemOf({
    kind: 'issue',
    name: 'issue',
    grammar: isSome(during) ? during.value : '',
    value: text,
    tone: 'wrong',
    spans: [span],
    details: () => (advice === null ? text : `${text}\n\n${advice}`),
  })
}

const endItem = ({ clientLeft, serverLeft }: EndEvent): Item => {
  const isClean = clientLeft === 0 && serverLeft === 0
  return itemOf({
    kind: 'end',
    name: 'end',
    value: isClean
      ? 'of both streams'
      : `left over: ${clientLeft} bytes of the client, ${serverLeft} of the daemon`,
    tone: isClean ? 'note' : 'wrong',
  })
}
