import { expect } from 'chai'
import { isNone, isSome } from 'fp-ts/lib/Option.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { featuresOfMessage, LogMessage } from '../../grammar/logging.js'
import { One } from '../../grammar/operations/operation.js'
import type { Json } from '../../interpreters/json/index.js'
import { toWireshark } from '../../interpreters/wireshark/index.js'
import { decodeSession } from '../../session/decoder.js'
import type { OperationEvent, SessionMessage } from '../../session/events.js'
import { eventJson } from '../../session/json.js'
import { dissectedMessages } from '../../session/recording/dissected.js'
import { PacketHeader } from '../../session/recording/header.js'
import { packetsOf } from '../support/packets-of.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'
import { differenceOf, type Wanted, wantedValues } from '../support/shown-values.js'
import { describeWithTshark } from '../support/tshark.js'
import { type ShownPacket, tsharkPackets } from '../support/tshark-dissection.js'

const script = toWireshark(dissectedMessages(new Map(), null), { name: 'nix', header: PacketHeader })

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

/** What packets of a type must show, in their order. */
interface Said {
  /** Null where the session knows none of that number. */
  readonly operation: string | null
  readonly type: 'request' | 'reply' | 'log'
  readonly wanted: ReadonlyArray<Wanted>
}

/** A message of a log; of what a download carries the view has the size only. */
const loggedOf = (
  operation: string | null,
  given: Partial<Protocol>,
  message: SessionMessage,
  json: Json,
): Said => ({
  operation,
  type: 'log',
  wanted:
    message._tag === 'Write'
      ? [
          { filter: 'LogMessage._tag', text: 'Write' },
          { filter: 'LogMessage.Write.data', text: '', inner: true },
        ]
      : wantedOf(LogMessage, { ...given, features: featuresOfMessage(message) }, json, 'LogMessage'),
})

const errorOf = (operation: string | null, given: Protocol, error: Json): ReadonlyArray<Said> =>
  error === null
    ? []
    : [
        {
          operation,
          type: 'log',
          wanted: wantedOf(LogMessage, given, { _tag: 'Error', error }, 'LogMessage'),
        },
      ]

const saidIn = (event: OperationEvent): ReadonlyArray<Said> => {
  const { protocol } = event
  const json = eventJson(event) as View
  const log = (name: string | null): ReadonlyArray<Said> => [
    ...event.log.map((message, i) =>
      loggedOf(name, protocol, message, (json.log as ReadonlyArray<Json>)[i]!),
    ),
    ...errorOf(name, protocol, json.error!),
  ]
  if (isNone(event.operation)) {
    return log(null)
  }
  const { name, request, reply } = event.operation.value
  return [
    ...(isSome(event.request)
      ? [
          {
            operation: name,
            type: 'request',
            wanted: wantedOf(request, protocol, json.request!, name),
          } as const,
        ]
      : []),
    ...log(name),
    ...(isSome(event.reply) && reply !== One
      ? [
          {
            operation: name,
            type: 'reply',
            wanted: wantedOf(reply, protocol, json.reply!, `${name}.reply`),
          } as const,
        ]
      : []),
  ]
}

const nothing: ShownPacket = { values: [], notes: [] }

const textOf = ({ values }: ShownPacket, filter: string): string =>
  values.find((value) => value.filter === filter)?.text ?? ''

/** What a packet is of an operation; null for what the view of the session does not have, as the end of a log. */
const typeOf = (packet: ShownPacket): Said['type'] | null => {
  const type = textOf(packet, 'type')
  if (type === 'LogMessage') {
    return textOf(packet, 'LogMessage._tag') === 'Last' ? null : 'log'
  }
  const operation = textOf(packet, 'operation')
  if (operation === '' || ['', 'Int', 'Bytes'].includes(type)) {
    return null
  }
  return textOf(packet, 'side') === 'client' ? 'request' : 'reply'
}

const message = ({ values }: ShownPacket): ShownPacket['values'] =>
  values.slice(values.findIndex(({ filter }) => filter === 'type') + 1)

interface Recorded extends ReturnType<typeof packetsOf> {
  readonly name: string
  readonly streams: ReturnType<typeof sessionBytes>
}

describeWithTshark('a recorded connection in Wireshark', () => {
  describeWithShared('with the dissector', () => {
    let recorded: ReadonlyArray<Recorded> = []
    let shown: ReadonlyArray<ShownPacket> = []
    before(() => {
      recorded = recordedSessions().map(({ name }) => {
        const streams = sessionBytes(name)
        return { name, streams, ...packetsOf(name, streams) }
      })
      shown = tsharkPackets(Buffer.concat(recorded.map(({ recording }) => recording)), script)
    })

    it('has the values of `nix-wire session --json`', () => {
      expect(recorded.length).to.be.greaterThan(70)
      let at = 0
      let compared = 0
      let sessions = 0
      for (const { name, streams, slices } of recorded) {
        const packets = shown.slice(at, at + slices.length)
        at += slices.length
        const events = decodeSession(streams.client, streams.server)
        // Behind an issue no message is told from another.
        if (events.some(({ kind }) => kind === 'issue')) {
          continue
        }
        sessions++
        for (const type of ['request', 'reply', 'log'] as const) {
          const said = events
            .flatMap((event) =>
              event.kind === 'handshake'
                ? event.log.map((each, i) =>
                    loggedOf('', event, each, ((eventJson(event) as View).log as ReadonlyArray<Json>)[i]!),
                  )
                : event.kind === 'operation'
                  ? saidIn(event)
                  : [],
            )
            .filter((each) => each.type === type && each.wanted.length > 0)
          const its = packets.filter((packet) => typeOf(packet) === type && message(packet).length > 0)
          expect(
            its.map((packet) => textOf(packet, 'operation')),
            `${name}, ${type}`,
          ).to.deep.equal(said.map(({ operation }, i) => operation ?? textOf(its[i] ?? nothing, 'operation')))
          for (const [i, { operation, wanted }] of said.entries()) {
            expect(differenceOf(wanted, message(its[i]!)), `${name}, ${operation}, ${type} ${i}`).to.equal(
              null,
            )
            compared += wanted.length
          }
        }
      }
      expect(at).to.equal(shown.length)
      expect([sessions > 65, compared > 5000], `${sessions} sessions, ${compared} values`).to.deep.equal([
        true,
        true,
      ])
    })

    it('finds nothing wrong in them', () => {
      expect(shown.flatMap(({ notes }) => notes)).to.deep.equal([])
    })
  })
})
