import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOf } from '../../bytes/hex.js'
import { tagged, u8, utf8 } from '../../combinators/index.js'
import {
  again,
  branch,
  conversation,
  loop,
  nothing,
  says,
  sequence,
  turns,
} from '../../conversation/index.js'
import type { FlowPart, FlowSessionEvent } from '../../session/own/flow-events.js'
import { FlowSession } from '../../session/own/flow-session.js'
import { ownProtocol } from '../../session/own/own-protocol.js'

const Note = tagged('is', u8, { Remark: [0, {}], Done: [1, {}], Burnt: [2, { why: utf8 }] })
const notes = loop(
  'notes',
  sequence(
    says('server', 'note', Note),
    branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('orders') }),
  ),
)
const kitchen = conversation(
  'kitchen',
  sequence(
    says('server', 'hello', u8),
    turns('orders', says('client', 'order', u8), { Tea: [1, sequence(notes, says('server', 'cup', u8))] }),
  ),
)
const own = { name: 'kitchen', flow: kitchen, protocol: {} }

const [zero, one, two] = ['0000000000000000', '0100000000000000', '0200000000000000']
const client = bytesOf(`${one} ${one}`)
const server = bytesOf(`${two} ${zero} ${one} 0500000000000000 ${two} 0100000000000000 61 00000000000000`)

/** What is told if the bytes come in chunks of these lengths, of this side and then of that. */
const told = (cuts: ReadonlyArray<number>): ReadonlyArray<FlowSessionEvent> => {
  const session = new FlowSession(own)
  const rest = { client, server }
  const events: Array<FlowSessionEvent> = []
  cuts.forEach((length, at) => {
    const side = at % 2 === 0 ? 'client' : 'server'
    events.push(...session.push(side, rest[side].subarray(0, length)))
    rest[side] = rest[side].subarray(length)
  })
  events.push(...session.push('client', rest.client), ...session.push('server', rest.server))
  return [...events, ...session.end('client'), ...session.end('server')]
}

const partsOf = (events: ReadonlyArray<FlowSessionEvent>): ReadonlyArray<FlowPart> =>
  events.flatMap((event) => (event.kind === 'part' ? [event] : []))

describe('a session of a conversation of your own', () => {
  it('is reported turn by turn, with the words between turns', () => {
    const parts = partsOf(told([]))
    expect(parts.map(({ turn, name, how, to }) => [turn?.number ?? null, name, how, to])).to.deep.equal([
      [null, null, null, null],
      [0, 'Tea', 'done', null],
      [1, 'Tea', 'again', 'orders'],
    ])
    expect(parts.map(({ client: asked, server: said }) => [asked, said])).to.deep.equal([
      [
        [0, 0],
        [0, 8],
      ],
      [
        [0, 8],
        [8, 32],
      ],
      [
        [8, 16],
        [32, 56],
      ],
    ])
    expect(parts.map(({ words }) => words.map(({ key }) => key).join(' '))).to.deep.equal([
      'hello',
      'order note note cup',
      'order note',
    ])
  })

  it('is the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 12 }), (cuts) => {
        expect(told(cuts)).to.deep.equal(told([]))
      }),
      { numRuns: 100 },
    )
  })

  it('keeps no more than mostWords of a turn, and counts the others', () => {
    const session = new FlowSession(own)
    session.push('server', bytesOf(two))
    session.push('client', bytesOf(one))
    const remark = bytesOf(zero)
    for (let i = 0; i < 1500; i++) {
      session.push('server', remark)
    }
    const [turn] = session.pending
    expect([turn?.words.length, turn?.omitted]).to.deep.equal([1000, 501])
  })
})

describe('the kind of an export of a module', () => {
  it('is known by its form: grammars, one conversation that contains the others, operations', () => {
    // As another copy of the package has made it.
    const foreign = { node: { ...Note.node } }
    const { types, conversation: found } = ownProtocol('kitchen.js', {
      Note: foreign,
      notes,
      kitchen,
      cups: 7,
      literal: { node: u8.node, fixed: 1 },
    })
    expect([...types.keys()]).to.deep.equal(['Note'])
    expect(found?.name).to.equal('kitchen')
    expect(found?.flow.node).to.equal(kitchen.node)
  })

  it('is ambiguous with two conversations', () => {
    const other = conversation('other', says('client', 'a', u8))
    expect(() => ownProtocol('a.js', { kitchen, other })).to.throw(
      TypeError,
      'a.js exports more than one conversation: kitchen, other',
    )
  })
})
