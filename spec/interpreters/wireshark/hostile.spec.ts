import { expect } from 'chai'
import { bytesOf } from '../../../bytes/hex.js'
import {
  type AnyGrammar,
  framed,
  type Grammar,
  i8,
  i64,
  lazy,
  listOf,
  optionalByTag,
  struct,
  u8,
  u64,
  utf8,
} from '../../../combinators/index.js'
import { ProtocolVersion } from '../../../grammar/index.js'
import { toWireshark } from '../../../interpreters/wireshark/index.js'
import { type PacketAbout, PacketHeader, RecordingWriter } from '../../../session/index.js'
import { describeWithTshark } from '../../support/tshark.js'
import { type ShownPacket, tsharkPackets } from '../../support/tshark-dissection.js'

const any = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

const grammars: { readonly [type: string]: AnyGrammar } = {
  Nested: listOf(
    Array.from({ length: 8 }).reduce<Grammar<unknown>>((inner) => any(struct('A', { inner })), any(u8)),
  ),
  Deep: struct('Deep', { below: listOf(lazy(() => grammars.Deep as never)) }),
  Framed: framed(u64),
  Text: utf8,
  Maybe: optionalByTag(u8, u64),
  Small: i8,
  Signed: i64,
  Version: ProtocolVersion,
}

const script = toWireshark(
  Object.entries(grammars).map(([type, grammar]) => ({ type, filter: type, grammar })),
  { name: 'nix', header: PacketHeader },
)

const about: Omit<PacketAbout, 'type'> = { part: 'Whole', version: '1.2', features: [], operation: '' }

/** Packets with what their messages are said to be. */
const shownOf = (
  packets: ReadonlyArray<readonly [type: string, hex: string, part?: PacketAbout['part']]>,
): ReadonlyArray<ShownPacket> => {
  const writer = new RecordingWriter('hostile')
  const written = packets.map(([type, hex, part = 'Whole']) =>
    writer.bytes('client', bytesOf(hex), null, { ...about, type, part }),
  )
  return tsharkPackets(Buffer.concat([writer.start(), ...written]), script)
}

const message = ({ values }: ShownPacket) =>
  values.slice(values.findIndex(({ filter }) => filter === 'type') + 1)

const highest = 'ffffffffffffffff'
const one = '0100000000000000'

describeWithTshark('a hostile packet in Wireshark', () => {
  it('ends at its last byte, at the limit of values in a packet, or at the depth limit', () => {
    const [nested, deep, text, frame, maybe, small, behind] = shownOf([
      ['Nested', `803e000000000000 ${'00'.repeat(8 * 16_000)}`],
      ['Deep', one.repeat(100)],
      ['Text', highest],
      ['Framed', `${highest} 00`],
      ['Maybe', '0200000000000000'],
      ['Small', '8000000000000000'],
      ['Signed', `${highest} 00`],
    ])
    expect(nested?.notes).to.deep.equal(['there are more than 100000 values in the packet'])
    expect(deep?.notes).to.deep.equal([
      'LimitExceeded at byte 520: got a depth of 65, expected at most 64 (the depth limit)',
    ])
    expect(text?.notes[0]).to.match(/^UnexpectedEnd at byte 0: got 8 bytes, expected /)
    expect(frame?.notes[0]).to.match(/^LimitExceeded at byte 0: /)
    expect(maybe?.notes).to.deep.equal(['UnknownTag at byte 0: got 2, expected one of 0 (None), 1 (Some)'])
    expect(small?.notes).to.deep.equal([
      'InvalidValue at byte 0: got 128, expected an integer from -128 to 127',
    ])
    expect(behind?.notes).to.deep.equal([
      'TrailingBytes at byte 8: got 1 more bytes, expected the end of the message',
    ])
  })

  it('of an unknown type, or in parts, is shown as bytes', () => {
    const [unknown, first, middle] = shownOf([
      ['Nowhere', one],
      ['Text', '0900000000000000 61', 'First'],
      ['Text', one, 'Middle'],
    ])
    const bytes = [{ filter: 'data', text: '01:00:00:00:00:00:00:00' }]
    expect(message(unknown!)).to.deep.equal(bytes)
    expect(message(middle!)).to.deep.equal(bytes)
    expect(first?.notes).to.deep.equal(['the message goes on in other packets'])
  })

  it('shows a version as one, and an integer with its sign', () => {
    const shown = shownOf([
      ['Version', '2601000000000000'],
      ['Signed', 'feffffffffffffff'],
      ['Small', '80ffffffffffffff'],
      ['Framed', `0300000000000000 070000 0500000000000000 0000000000 0000000000000000`],
    ])
    expect(shown.flatMap(message)).to.deep.equal([
      { filter: 'Version', text: '1.38' },
      { filter: 'Signed', text: '-2' },
      { filter: 'Small', text: '-128' },
      { filter: 'Framed', text: '7' },
    ])
  })
})

describe('toWireshark', () => {
  it('escapes every text of a grammar', () => {
    const nasty = struct('A', { '"] end --\n\u0000Ä': u8 } as never)
    const text = toWireshark([{ type: '"\n', filter: '\\"', grammar: nasty }], {
      name: 'nix',
      header: PacketHeader,
    })
    expect(text).to.contain('"\\034] end --\\010\\000\\195\\132"')
    expect(text).to.contain('type = "\\034\\010"')
  })

  it('gives two types at one path different filters', () => {
    const messages = [
      { type: 'A', filter: 'X', grammar: u8 },
      { type: 'B', filter: 'X', grammar: utf8 },
    ]
    expect(toWireshark(messages, { name: 'nix', header: PacketHeader })).to.contain(
      'string = { X = "X_string" }'.replace('X =', '["X"] ='),
    )
  })

  it('rejects invalid arguments', () => {
    const header = PacketHeader
    expect(() => toWireshark([], { name: 'Tea time', header })).to.throw(RangeError, 'lower-case letters')
    expect(() => toWireshark([], { name: 'tea', header: u8 })).to.throw(TypeError, 'a field side')
    expect(() => toWireshark([{ type: 'A' } as never], { name: 'tea', header })).to.throw(
      TypeError,
      'the filter of a message',
    )
  })
})
