import { isSome, type Option } from 'fp-ts/lib/Option.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { featuresOfMessage, LogMessage } from '../../grammar/logging.js'
import { One } from '../../grammar/operations/operation.js'
import { compile } from '../../interpreters/compile/index.js'
import type { Json } from '../../interpreters/json/index.js'
import type { HandshakeEvent, OperationEvent, SessionMessage, Side } from '../../session/events.js'
import { eventJson } from '../../session/json.js'
import { type Wanted, wantedValues } from './shown-values.js'

/** The expected contents of a packet. */
export interface Said {
  /** `number`: of an operation, or of a reply that is one and means only that all is done. */
  readonly type: 'number' | 'request' | 'reply' | 'log'
  readonly wanted: ReadonlyArray<Wanted>
}

/** The messages of both sides in an event, each in order, without those that have no bytes. */
export type SaidBy = { readonly [S in Side]: ReadonlyArray<Said> }

type View = { readonly [key: string]: Json }

const wantedOf = (
  grammar: AnyGrammar,
  given: Partial<Protocol>,
  json: Json,
  path: string,
): ReadonlyArray<Wanted> =>
  wantedValues(
    resolved(grammar as Grammar<unknown>, protocolFor('a spec', grammar.node, given)).node,
    json,
    path,
  )

const logged = (wanted: ReadonlyArray<Wanted>): Said => ({ type: 'log', wanted })

const inLog = (given: Partial<Protocol>, json: Json): Said =>
  logged(wantedOf(LogMessage, given, json, 'LogMessage'))

/** For the content of a download, the JSON has only the size. */
const messageOf = (given: Partial<Protocol>, message: SessionMessage, json: Json): Said =>
  message._tag === 'Write'
    ? logged([
        { filter: 'LogMessage', text: '' },
        { filter: 'LogMessage._tag', text: 'Write' },
        { filter: 'LogMessage.Write.data', text: '', size: message.size },
      ])
    : inLog({ ...given, features: featuresOfMessage(message) }, json)

const messagesOf = (
  given: Partial<Protocol>,
  messages: ReadonlyArray<SessionMessage>,
  { log }: View,
): ReadonlyArray<Said> =>
  messages.map((message, i) => messageOf(given, message, (log as ReadonlyArray<Json>)[i]!))

const endOfLog = (given: Partial<Protocol>, error: Json): Said =>
  inLog(given, error === null ? { _tag: 'Last' } : { _tag: 'Error', error })

const numberOf = (filter: string, value: number | Json): Said => ({
  type: 'number',
  wanted: [{ filter, text: String(value) }],
})

const hasBytes = (grammar: AnyGrammar, given: Protocol, value: Option<unknown>): boolean =>
  isSome(value) && compile(grammar as Grammar<unknown>, given).size(value.value) > 0

/** The log messages of a handshake; their numbers are not in the JSON. */
export const saidInHandshake = (event: HandshakeEvent): SaidBy => {
  const view = eventJson(event) as View
  const given = { version: event.version }
  return {
    client: [],
    server: [
      ...messagesOf(given, event.log, view),
      ...(event.unfinished ? [] : [endOfLog(given, view.error!)]),
    ],
  }
}

export const saidInOperation = (event: OperationEvent): SaidBy => {
  const { protocol, operation, outcome } = event
  const view = eventJson(event) as View
  const { name, request, reply } = isSome(operation)
    ? operation.value
    : { name: '', request: null, reply: null }
  const end = endOfLog(protocol, view.error!)
  return {
    client: [
      numberOf('Int', event.id),
      ...(request !== null && hasBytes(request, protocol, event.request)
        ? [{ type: 'request', wanted: wantedOf(request, protocol, view.request!, name) } as const]
        : []),
    ],
    server: [
      ...messagesOf(protocol, event.log, view),
      ...(outcome === 'unfinished' ? [] : [end]),
      ...(event.errorTwice ? [end] : []),
      ...(reply === One && isSome(event.reply) ? [numberOf(`${name}.reply`, view.reply!)] : []),
      ...(reply !== null && reply !== One && hasBytes(reply, protocol, event.reply)
        ? [{ type: 'reply', wanted: wantedOf(reply, protocol, view.reply!, `${name}.reply`) } as const]
        : []),
    ],
  }
}
