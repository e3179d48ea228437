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
import type { EndEvent, HandshakeEvent, IssueEvent } from '../../session/events.js'
import { handshakePhrases } from '../../session/phrases.js'
import { hasEndedWell } from '../../session/timed/left-phrases.js'
import { pendingPhrases } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { isServeEvent } from '../../session/timed/session-reader.js'
import { type Item, itemOf, type Span, type Streams } from './item.js'
import { logItems, logRanges } from './log-items.js'
import { operationHappening } from './operation-row.js'
import { Pieces } from './pieces.js'
import { type About, spansOf } from './placing.js'
import { plainInRow } from './plain-text.js'
import { serveHappening } from './serve-items.js'
import { type Happening, happeningOf } from './timeline.js'
import { countOf } from './value-text.js'

/** The entry of an event in a timeline. */
export const eventHappening = (event: ConnectionEvent, streams: Streams, about: About): Happening => {
  if (isServeEvent(event)) {
    return serveHappening(event, streams, about)
  }
  switch (event.kind) {
    case 'handshake':
      return happeningOf(handshakeItem(event, streams, about), about.time)
    case 'operation':
      return operationHappening(event, streams, about)
    case 'issue':
      return happeningOf(issueItem(event))
    case 'end':
      return happeningOf(endItem(event, about))
    case 'started':
    case 'message':
      throw new Error(`a ${event.kind} event, which was not asked for`)
  }
}

/** The item of what is pending at the end of a recording. */
export const pendingItem = (pending: Pending): Item => {
  const phrases = pendingPhrases(pending)
  return itemOf({
    kind: 'end',
    name: hasEndedWell(pending) ? 'closed' : 'pending',
    value: phrases.join('; '),
    tone: pending.left === 'cut' || pending.left === 'gap' ? 'wrong' : 'note',
    details: () => phrases.join('\n'),
  })
}

const handshakeItem = (event: HandshakeEvent, { client, server }: Streams, { when }: About): Item => {
  const phrases = handshakePhrases(event).map(visible)
  const failed = isSome(event.error)
  return itemOf({
    kind: 'handshake',
    name: 'handshake',
    value: failed ? plainInRow(event.error.value.msg) : phrases.join(', '),
    when,
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
      return [...ours.items, ...theirs.items, ...logItems(server, log, given)]
    },
  })
}

const issueItem = ({ side, issue, guess, during }: IssueEvent): Item => {
  const text = visible(showIssue(issue))
  const span: Span = { stream: side === 'client' ? 0 : 1, start: issue.offset, end: issue.offset + 1 }
  return itemOf({
    kind: 'issue',
    name: 'issue',
    grammar: isSome(during) ? during.value : '',
    value: text,
    tone: 'wrong',
    spans: [span],
    details: () => (isSome(guess) ? `${text}\n\nGuess: ${visible(guess.value)}` : text),
  })
}

const endItem = ({ clientLeft, serverLeft }: EndEvent, { when }: About): Item => {
  const isClean = clientLeft === 0 && serverLeft === 0
  return itemOf({
    kind: 'end',
    name: 'end',
    value: isClean
      ? 'of both streams'
      : `not read: ${countOf(clientLeft, 'byte')} of the client, ${countOf(serverLeft, 'byte')} of the daemon`,
    when: isClean ? when : '',
    tone: isClean ? 'note' : 'wrong',
  })
}
