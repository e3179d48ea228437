import { showIssue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import { visible } from '../../interpreters/dissect/brief.js'
import { jsonStart } from '../../interpreters/json/start.js'
import { printJson } from '../../interpreters/json/text.js'
import type { Side } from '../../session/events.js'
import type {
  FlowFlowed,
  FlowIssue,
  FlowPart,
  FlowSaid,
  FlowSessionEvent,
} from '../../session/own/flow-events.js'
import { FlowJson } from '../../session/own/flow-json.js'
import { FlowSession } from '../../session/own/flow-session.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { noEnd } from '../../session/phrases.js'
import type { Moment } from './api.js'
import { type Item, itemOf, type Span, type StreamIndex, type Streams } from './item.js'
import { PartItem } from './part-item.js'
import { Pieces } from './pieces.js'
import { longestInRow } from './plain-text.js'
import { type Happening, happeningOf, Timeline } from './timeline.js'
import { countOf, grouped } from './value-text.js'

interface Given extends Streams {
  readonly moments: ReadonlyArray<Moment> | null
}

const streams: { readonly [S in Side]: StreamIndex } = { client: 0, server: 1 }

// Both sides are complete; small pieces in turn keep either from waiting for the other.
const window = 65536

/** The events of a session of the user's own protocol, in order, and its issues. */
export const readOwnSession = (
  given: Given,
  conversation: OwnConversation,
): { readonly timeline: Timeline; readonly issues: ReadonlyArray<FlowIssue> } => {
  const session = new FlowSession(conversation)
  const json = new FlowJson(conversation.flow)
  const timeline = new Timeline()
  const issues: Array<FlowIssue> = []
  const add = (events: ReadonlyArray<FlowSessionEvent>): void => {
    for (const event of events) {
      timeline.add(eventHappening(event, json, given))
      if (event.kind === 'issue') {
        issues.push(event)
      }
    }
  }
  if (given.moments === null) {
    both(session, given, add)
  } else {
    replay(session, given, given.moments, add)
  }
  add(session.pending)
  return { timeline, issues }
}

const both = (
  session: FlowSession,
  given: Streams,
  add: (events: ReadonlyArray<FlowSessionEvent>) => void,
): void => {
  const at = { client: 0, server: 0 }
  const ended = { client: false, server: false }
  while (!ended.client || !ended.server) {
    const wanted: Side = session.wants('server') && !session.wants('client') ? 'server' : 'client'
    const side: Side = !ended[wanted] ? wanted : wanted === 'client' ? 'server' : 'client'
    const bytes = given[side].subarray(at[side], at[side] + window)
    at[side] += bytes.length
    ended[side] = bytes.length === 0
    add(bytes.length === 0 ? session.end(side) : session.push(side, bytes))
  }
}

const replay = (
  session: FlowSession,
  given: Streams,
  moments: ReadonlyArray<Moment>,
  add: (events: ReadonlyArray<FlowSessionEvent>) => void,
): void => {
  const at = { client: 0, server: 0 }
  for (const moment of moments) {
    const { side } = moment
    if (moment.kind === 'bytes') {
      const start = at[side]
      at[side] += moment.length
      add(session.push(side, given[side].subarray(start, at[side]), moment.at))
    } else if (moment.kind === 'gap') {
      return
    } else if (moment.how !== 'stopped') {
      add(session.end(side, moment.at))
    }
  }
}

const rangesOf = ({ client, server }: FlowPart): ReadonlyArray<Span> =>
  ([client, server] as const).flatMap(([start, end], at) =>
    start < end ? [{ stream: at as StreamIndex, start, end }] : [],
  )

const endings: { readonly [how: string]: string } = {
  again: 'left',
  closed: 'ends the conversation',
  departed: 'a side broke off',
  broken: noEnd,
}

const eventHappening = (event: FlowSessionEvent, json: FlowJson, given: Streams): Happening => {
  switch (event.kind) {
    case 'part':
      return partHappening(event, json, given)
    case 'issue':
      return happeningOf(issueItem(event))
    case 'end': {
      const { client, server } = event.left
      const isClean = client === 0 && server === 0
      return happeningOf(
        itemOf({
          kind: 'end',
          name: 'end',
          value: isClean
            ? 'of both streams'
            : `not read: ${countOf(client, 'byte')} of the client, ${countOf(server, 'byte')} of the server`,
          tone: isClean ? 'note' : 'wrong',
        }),
      )
    }
  }
}

const partHappening = (part: FlowPart, json: FlowJson, given: Streams): Happening => {
  const { turn, name, how, to, words, omitted } = part
  const ending = how === null || how === 'done' ? '' : (endings[how] ?? '')
  const head = {
    kind: turn === null ? 'group' : 'operation',
    name: visible(turn === null ? 'words' : (name ?? 'no case')),
    tone: how === 'broken' ? 'wrong' : how === 'again' ? 'note' : 'good',
    spans: rangesOf(part),
  } as const
  const item = (): Item => {
    const parts = words.flatMap((word) => wordItems(part, word, json, given))
    return itemOf({
      ...head,
      grammar: turn === null ? '' : visible(`${turn.loop} ${turn.number}`),
      about: keyOf(parts),
      value: visible(to === null ? ending : `${ending} for ${to}`),
      children: () =>
        omitted === 0 ? parts : [...parts, itemOf({ kind: 'group', name: `… and ${grouped(omitted)} more` })],
    })
  }
  return { ...head, time: null, mentions: (text) => item().mentions(text), item }
}

/** The first text in a message. */
const keyOf = (items: ReadonlyArray<Item>): string => {
  for (const item of items) {
    if (item instanceof PartItem && item.key !== '') {
      return item.key
    }
  }
  return ''
}

const wordItems = (
  part: FlowPart,
  word: FlowSaid | FlowFlowed,
  json: FlowJson,
  given: Streams,
): ReadonlyArray<Item> => {
  const { side, key, within, start, end } = word
  const isPlain = within.length === 0 && start < end
  if (word.kind === 'said' && isPlain) {
    const grammar = json.grammarOf(part, word)
    const pieces = new Pieces(given[side], streams[side], [start, end], word.protocol)
    if (grammar !== null && pieces.take(key, grammar as Grammar<unknown>) !== null) {
      return pieces.items
    }
  }
  return [
    itemOf({
      kind: 'group',
      name: visible([...within, key].join('.')),
      value: jsonStart(json.word(part, word), longestInRow),
      spans: isPlain ? [{ stream: streams[side], start, end }] : [],
      details: () => visible(printJson(json.word(part, word), 2)),
    }),
  ]
}

const issueItem = ({ side, issue, during }: FlowIssue): Item => {
  const text = visible(showIssue(issue))
  return itemOf({
    kind: 'issue',
    name: 'issue',
    grammar: during ?? '',
    value: text,
    tone: 'wrong',
    spans: [{ stream: streams[side], start: issue.offset, end: issue.offset + 1 }],
    details: () => text,
  })
}
