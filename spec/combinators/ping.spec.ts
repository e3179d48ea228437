import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  bytesOf,
  compile,
  enumOf,
  flagsOf,
  i16,
  i64,
  listOf,
  literal,
  optional,
  pick,
  refine,
  showIssue,
  struct,
  tagged,
  u8,
  utf8,
} from '../../index.js'
import { describeLaws } from '../../laws/index.js'
import { bothWays } from '../support/both-ways.js'
import { issueOf } from '../support/either.js'

/** A protocol made of combinators for fields, and of combinators made of these. */
const Header = struct('Header', { magic: literal(u8, 0x50), sent: i64 })

const Sensor = struct('Sensor', {
  ...Header.fields,
  temperature: i16,
  state: flagsOf(u8, { charging: 1, moving: 2, alarm: 128 }),
  note: optional(refine(utf8, 'a text that is not empty', (text) => text.length > 0)),
  axes: listOf(i16, { length: 3 }),
})

const Ping = tagged('kind', u8, {
  Ping: [0, Header],
  Pong: [1, Sensor],
  Unit: [2, { ...pick(Header, 'magic'), unit: enumOf(utf8, { Celsius: 'C', Fahrenheit: 'F' }) }],
})

const pong =
  '0100000000000000 5000000000000000 fbffffffffffffff d8ffffffffffffff 8200000000000000 ' +
  '0000000000000000 0000000000000000 ffffffffffffffff d503000000000000'

describe('a protocol of pings', () => {
  it('has the documented bytes', () => {
    bothWays(Ping, { kind: 'Ping', sent: 666n }, '0000000000000000 5000000000000000 9a02000000000000')
    bothWays(
      Ping,
      { kind: 'Unit', unit: 'Fahrenheit' },
      '0200000000000000 5000000000000000 0100000000000000 4600000000000000',
    )
    const state = { charging: false, moving: true, alarm: true }
    const value = { kind: 'Pong', sent: -5n, temperature: -40, state, axes: [0, -1, 981] } as const
    bothWays(Ping, { ...value, note: none }, pong)
    bothWays(
      Ping,
      { ...value, note: some('a') },
      pong.replace(' 0000000000000000', ' 0100000000000000 6100000000000000'),
    )
  })

  it('reports what is wrong with others', () => {
    const bytes = bytesOf(pong)
    bytes[32] = 4
    expect(showIssue(issueOf(compile(Ping).decode(bytes)))).to.equal(
      'InvalidValue at byte 32, state, in u8: expected no bits other than charging (1), moving (2), alarm (128), got 4',
    )
    bytes[31] = 0
    expect(showIssue(issueOf(compile(Ping).decode(bytes)))).to.match(
      /^InvalidValue at byte 24, temperature, in i16: expected an integer from -32768 to 32767, got /,
    )
  })

  describeLaws(Ping)
})
