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
import { ConnectionReader } from '../../session/connection-reader.js'
import type { EndEvent, HandshakeEvent, IssueEvent, OperationEvent, Outcome } from '../../session/events.js'
import { followed } from '../../session/follower.js'
import type { SessionOptions } from '../../session/options.js'
import { handshakePhrases, lackingPhrase } from '../../session/phrases.js'
import { pendingPhrases } from '../../session/timed/pending-phrases.js'
import { type Pending, RecordedSession } from '../../session/timed/recorded-session.js'
import { type ConnectionEvent, isServeEvent } from '../../session/timed/session-reader.js'
import { timePhrase } from '../../session/timed/time-phrase.js'
import type { TimedEvent } from '../../session/timed/timed-session.js'
import type { Input, Moment } from './api.js'
import { type Item, itemOf, type Span, type Streams } from './item.js'
import { logItem, logRanges } from './log-items.js'
import { operationParts } from './operation-items.js'
import { Pieces } from './pieces.js'
import { type About, spansOf, withTime } from './placing.js'
import { plain } from './plain-text.js'
import { serveItem } from './serve-items.js'

type SessionInput = Omit<Input & { readonly kind: 'session' }, 'kind'>

/** What happened in a session, in order, and what is wrong with it. */
export const readSession = (
  input: SessionInput,
  options: SessionOptions,
): {
  readonly items: ReadonlyArray<Item>
  readonly issues: ReadonlyArray<IssueEvent>
  /** How many issues there are besides. */
  readonly omitted: number
  readonly serverName: 'daemon' | 'server'
} => {
  const reader = new ConnectionReader(options)
  const items: Array<Item> = []
  const issues: Array<IssueEvent> = []
  let omitted = 0
  const add = (event: ConnectionEvent, about: About): void => {
    items.push(eventItem(event, input, about))
    if (event.kind === 'issue') {
      issues.push(event)
    } else if (event.kind === 'end') {
      omitted = event.issuesOmitted ?? 0
    }
  }
  if (input.moments === null) {
    for (const event of followed(reader, input.client, input.server)) {
      add(event, { when: '', isOpen: false })
    }
  } else {
    const { events, pending, start } = replayed(reader, input, input.moments)
    const isOpen = pending.left !== 'closed' && pending.left !== 'cut'
    for (const timed of events) {
      // A connection that is open has not ended.
      if (!isOpen || timed.event.kind !== 'end') {
        add(timed.event, { when: timePhrase(timed, start), isOpen })
      }
    }
    if (isOpen || pending.left === 'cut' || pending.during !== null) {
      items.push(pendingItem(pending))
    }
  }
  return { items, issues, omitted, serverName: reader.serverName }
}

/** What a recording with times tells, and when its first byte came. */
const replayed = (
  reader: ConnectionReader,
  streams: Streams,
  moments: ReadonlyArray<Moment>,
): {
  readonly events: ReadonlyArray<TimedEvent<ConnectionEvent>>
  readonly pending: Pending
  readonly start: number | null
} => {
  const session = new RecordedSession(reader)
  const offsets = { client: 0, server: 0 }
  const events: Array<TimedEvent<ConnectionEvent>> = []
  const add = (found: ReadonlyArray<TimedEvent<ConnectionEvent>>): void => {
    for (const timed of found) {
      events.push(timed)
    }
  }
  for (const moment of moments) {
    const { side, at } = moment
    if (moment.kind === 'bytes') {
      const bytes = streams[side].subarray(offsets[side], offsets[side] + moment.length)
      offsets[side] += moment.length
      add(session.take({ kind: 'bytes', connection: 0, side, at, bytes }))
    } else {
      add(session.take({ ...moment, connection: 0 }))
    }
  }
  const { events: last, pending } = session.finish()
  add(last)
  return { events, pending, start: moments.find(({ at }) => at !== null)?.at ?? null }
}

const pendingItem = (pending: Pending): Item => {
  const phrases = pendingPhrases(pending)
  return itemOf({
    kind: 'end',
    name: 'pending',
    value: phrases.join('; '),
    tone: pending.left === 'cut' || pending.left === 'gap' ? 'wrong' : 'note',
    details: () => phrases.join('\n'),
  })
}

const eventItem = (event: ConnectionEvent, streams: Streams, about: About): Item => {
  if (isServeEvent(event)) {
    return serveItem(event, streams, about)
  }
  switch (event.kind) {
    case 'handshake':
      return handshakeItem(event, streams, about)
    case 'operation':
      return operationItem(event, streams, about)
    case 'issue':
      return issueItem(event)
    case 'end':
      return endItem(event, about)
    case 'started':
    case 'message':
      throw new Error(`a ${event.kind} event, which was not asked for`)
  }
}

const handshakeItem = (event: HandshakeEvent, { client, server }: Streams, { when }: About): Item => {
  const phrases = handshakePhrases(event).map(visible)
  const failed = isSome(event.error)
  return itemOf({
    kind: 'handshake',
    name: 'handshake',
    value: withTime(failed ? plain(event.error.value.msg) : phrases.join(', '), when),
    tone: failed || event.unfinished ? 'wrong' : 'good',
    spans: spansOf(event),
    details: () => [...phrases, when].join('\n').trimEnd(),
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

const operationItem = (event: OperationEvent, streams: Streams, { when, isOpen }: About): Item => {
  const { id, operation, outcome, error, log, logOmitted } = event
  const messages = log.length + logOmitted
  const failed = isSome(error)
  const isPending = outcome === 'unfinished' && isOpen
  const ending = failed ? `error: ${plain(error.value.msg)}` : isPending ? 'pending' : endings[outcome]
  return itemOf({
    kind: 'operation',
    name: isSome(operation) ? operation.value.name : `operation ${id}`,
    grammar: String(id),
    value: withTime(messages > 0 ? `${ending} · ${messages.toLocaleString('en')} in its log` : ending, when),
    tone: isPending ? 'note' : failed || outcome === 'unfinished' ? 'wrong' : 'good',
    spans: spansOf(event),
    details: () =>
      [
        isSome(operation) ? `${operation.value.summary}${lackingPhrase(event)}` : '',
        ...(when === '' ? [] : [when]),
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

const endItem = ({ clientLeft, serverLeft }: EndEvent, { when }: About): Item => {
  const isClean = clientLeft === 0 && serverLeft === 0
  return itemOf({
    kind: 'end',
    name: 'end',
    value: isClean
      ? withTime('of both streams', when)
      : `left over: ${clientLeft} bytes of the client, ${serverLeft} of the daemon`,
    tone: isClean ? 'note' : 'wrong',
  })
}
