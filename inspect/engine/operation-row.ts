import { isNone, isSome } from 'fp-ts/lib/Option.js'
import { jsonStart } from '../../interpreters/json/start.js'
import type { OperationEvent, Outcome } from '../../session/events.js'
import { replyJson } from '../../session/json.js'
import { lackingPhrase, noEnd } from '../../session/phrases.js'
import { itemOf, type Shown, type Streams, type Tone } from './item.js'
import { operationParts, requestPieces } from './operation-items.js'
import { type About, spansOf } from './placing.js'
import { longestInRow, plain, plainInRow } from './plain-text.js'
import type { Happening } from './timeline.js'
import { valueMentions } from './value-mentions.js'
import { grouped } from './value-text.js'

const endings: { readonly [O in Outcome]: string } = {
  reply: 'reply',
  error: 'error',
  none: 'done',
  unfinished: noEnd,
}

/** The entry of an operation, whose row is made on demand. */
export const operationHappening = (event: OperationEvent, streams: Streams, about: About): Happening => {
  const { id, operation, request, reply, error, log, stream } = event
  const head = {
    kind: 'operation',
    name: isSome(operation) ? operation.value.name : `operation ${id}`,
    tone: toneOf(event, about),
    spans: spansOf(event),
  } as const
  return {
    ...head,
    time: about.time,
    mentions: (text) =>
      valueMentions([head.name, id, request, reply, error, log, stream, ending(event, about)], text),
    item: () =>
      itemOf({
        ...head,
        grammar: String(id),
        about: requestPieces(event, streams.client).items.at(1)?.key ?? '',
        value: resultOf(event, about),
        when: about.when,
        details: () => detailsOf(event, about),
        children: () => operationParts(event, streams),
      }),
  }
}

const isPending = ({ outcome }: OperationEvent, { isOpen }: About): boolean =>
  outcome === 'unfinished' && isOpen

const toneOf = (event: OperationEvent, about: About): Tone =>
  isPending(event, about) ? 'note' : isSome(event.error) || event.outcome === 'unfinished' ? 'wrong' : 'good'

const ending = (event: OperationEvent, about: About): string =>
  isPending(event, about) ? 'pending' : endings[event.outcome]

const resultOf = (event: OperationEvent, about: About): Shown['value'] => {
  const { error, log, logOmitted, outcome, reply } = event
  const messages = log.length + logOmitted
  const result = isSome(error)
    ? `error: ${plainInRow(error.value.msg)}`
    : outcome !== 'reply' || isNone(reply)
      ? ending(event, about)
      : jsonStart(replyJson(event), longestInRow)
  return messages > 0 ? `${result} · ${grouped(messages)} in its log` : result
}

const detailsOf = (event: OperationEvent, { when }: About): string => {
  const { operation, error } = event
  return [
    isSome(operation) ? `${operation.value.summary}${lackingPhrase(event)}` : '',
    ...(when === '' ? [] : [when]),
    ...(isSome(error) ? [error.value.msg, ...error.value.traces.map(({ hint }) => hint)] : []),
  ]
    .map((text) => plain(text))
    .join('\n\n')
}
