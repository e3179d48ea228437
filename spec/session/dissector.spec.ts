import { expect } from 'chai'
import { toWireshark } from '../../interpreters/wireshark/index.js'
import { decodeSession } from '../../session/decoder.js'
import type { HandshakeEvent, OperationEvent, SessionEvent, Side } from '../../session/events.js'
import { dissectedMessages } from '../../session/recording/dissected.js'
import { PacketHeader } from '../../session/recording/header.js'
import { packetsOf } from '../support/packets-of.js'
import { type Said, saidInHandshake, saidInOperation } from '../support/said-in-session.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'
import { differenceOf } from '../support/shown-values.js'
import { describeWithTshark } from '../support/tshark.js'
import { type ShownPacket, tsharkPackets } from '../support/tshark-dissection.js'

const script = toWireshark(dissectedMessages(new Map(), null), { name: 'nix', header: PacketHeader })

const textOf = ({ values }: ShownPacket, filter: string): string =>
  values.find((value) => value.filter === filter)?.text ?? ''

const messageIn = ({ values }: ShownPacket): ShownPacket['values'] =>
  values.slice(values.findIndex(({ filter }) => filter === 'type') + 1)

/** Packets without a twin in the view of a session, by their types. */
const withoutTwin: ReadonlyMap<string, string> = new Map([
  ['', 'the content of a stream: the view has its size and what is in it'],
  ['Bytes', 'an answer to Read: the same'],
])

const kindOf = (packet: ShownPacket): Said['type'] => {
  const type = textOf(packet, 'type')
  if (type === 'Int') {
    return 'number'
  }
  return type === 'LogMessage' ? 'log' : textOf(packet, 'side') === 'client' ? 'request' : 'reply'
}

type Told = HandshakeEvent | OperationEvent

const isTold = (event: SessionEvent): event is Told =>
  event.kind === 'handshake' || event.kind === 'operation'

const isIn = (packet: ShownPacket, event: Told, side: Side): boolean => {
  const [start, end] = event[side]
  const offset = Number(textOf(packet, 'offset'))
  return (
    textOf(packet, 'side') === side && textOf(packet, 'event') === 'Bytes' && offset >= start && offset < end
  )
}

const sides = ['client', 'server'] as const

interface Compared {
  readonly differences: ReadonlyArray<string>
  readonly values: number
  readonly streamed: number
}

/** Compares what the packets of one side show with what it said in an event. */
const compared = (event: Told, side: Side, packets: ReadonlyArray<ShownPacket>): Compared => {
  const said = (event.kind === 'handshake' ? saidInHandshake(event) : saidInOperation(event))[side]
  const its = packets.filter((packet) => isIn(packet, event, side))
  const rest = its.filter((packet) =>
    event.kind === 'handshake' ? kindOf(packet) === 'log' : !withoutTwin.has(textOf(packet, 'type')),
  )
  const what = `${side}, ${event.kind === 'operation' ? event.id : 'handshake'}`
  const types = [rest.map(kindOf).join(), said.map(({ type }) => type).join()]
  return {
    differences:
      types[0] === types[1]
        ? said.flatMap((each, i) => {
            const difference = differenceOf(each.wanted, messageIn(rest[i]!))
            return difference === null ? [] : [`${what}, ${each.type} ${i}: ${difference}`]
          })
        : [`${what}: packets ${types[0]}, said ${types[1]}`],
    values: said.reduce((sum, each) => sum + each.wanted.length, 0),
    streamed: event.kind === 'operation' ? its.length - rest.length : 0,
  }
}

/** All of a connection; behind an issue no message is told from another. */
const comparedSession = (
  streams: ReturnType<typeof sessionBytes>,
  packets: ReadonlyArray<ShownPacket>,
): ReadonlyArray<Compared> => {
  const events = decodeSession(streams.client, streams.server)
  const issue = events.findIndex(({ kind }) => kind === 'issue')
  return (issue === -1 ? events : events.slice(0, issue))
    .filter(isTold)
    .flatMap((event) => sides.map((side) => compared(event, side, packets)))
}

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
      let at = 0
      const found = recorded.map(({ name, streams, slices }) => {
        const packets = shown.slice(at, at + slices.length)
        at += slices.length
        return { name, parts: comparedSession(streams, packets) }
      })
      expect(at).to.equal(shown.length)
      const all = found.flatMap(({ parts }) => parts)
      expect(
        found.flatMap(({ name, parts }) =>
          parts.flatMap(({ differences }) => differences.map((each) => `${name}: ${each}`)),
        ),
      ).to.deep.equal([])
      expect({
        sessions: found.filter(({ parts }) => parts.some(({ values }) => values > 0)).length,
        values: all.reduce((sum, { values }) => sum + values, 0),
        streamed: all.reduce((sum, { streamed }) => sum + streamed, 0),
      }).to.deep.equal({ sessions: 74, values: 6929, streamed: 18 })
    })

    it('has no issue', () => {
      expect(shown.flatMap(({ notes }) => notes)).to.deep.equal([])
    })
  })
})
