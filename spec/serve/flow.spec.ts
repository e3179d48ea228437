import { expect } from 'chai'
import fc from 'fast-check'
import { pages } from '../../cli/pages.js'
import { type ConversationEvent, observe } from '../../conversation/index.js'
import { flowsIn } from '../../conversation/parts.js'
import { serveProtocol } from '../../serve/index.js'
import {
  asSeenBy,
  linesOf,
  play,
  type Side,
  type Step,
  sides,
  type Tape,
  tape,
} from '../conversation/tape.js'
import { concat, int, padded } from '../support/wire.js'
import { greeting, nar, type Turn, turnsAt } from './session.js'

const taped = (turns: ReadonlyArray<Turn>): Tape =>
  tape(
    serveProtocol,
    turns.flatMap(({ client }) => client),
    turns.flatMap(({ server }) => server),
  )

const versions = [1, 2, 3, 4, 5, 6, 7, 8]

const at = (version: number): ReadonlyArray<Turn> => [greeting(version), ...turnsAt(version)]

const issuesOf = (events: ReadonlyArray<ConversationEvent>) =>
  events.flatMap((event) =>
    event.kind === 'issue'
      ? [[event.side, event.issue._tag, event.issue.path.join('.'), event.issue.offset]]
      : [],
  )

describe('the conversation of the serve protocol', () => {
  it('has every command at every version, to the last byte', () => {
    for (const version of versions) {
      const session = taped(at(version))
      const events = play(session)
      expect(issuesOf(events), `2.${version}`).to.deep.equal([])
      const over = events.flatMap((event) =>
        event.kind === 'turn' && event.is === 'over' ? [[event.chosen, event.how, event.lacking]] : [],
      )
      expect(over).to.deep.equal(turnsAt(version).map(({ name }) => [name, 'done', false]))
      expect(linesOf(events).at(-1)).to.equal('end done, left 0 0')
    }
  })

  it('agrees on the lower version', () => {
    for (const version of versions) {
      const observer = observe(serveProtocol)
      const { client, server } = taped([greeting(version)])
      observer.push('client', client)
      observer.push('server', server)
      expect(observer.protocol).to.deep.equal({ version: `2.${version}`, features: [] })
    }
  })

  it('reports its messages and streams, with their places', () => {
    const turns = turnsAt(7).filter(({ name }) => name === 'AddToStoreNar' || name === 'QueryPathInfos')
    const events = play(taped([greeting(7), ...turns]))
    const keys = events.flatMap((event) =>
      event.kind === 'said' || event.kind === 'flowed' ? [`${event.side} ${event.key}`] : [],
    )
    expect(keys).to.deep.equal([
      'client magic',
      'client version',
      'server hello',
      'client command',
      'client request',
      ...['server path', 'server info', 'server path', 'server info', 'server path'],
      'client command',
      'client request',
      'client upload',
      'server reply',
    ])
    const upload = events.find((event) => event.kind === 'flowed')
    expect(upload).to.deep.include({ key: 'upload', size: nar.length })
    const end = taped([greeting(7), ...turns]).client.length
    expect(upload).to.deep.include({ start: end - nar.length, end })
  })

  it('is the same however the bytes are cut and whichever side comes first', () => {
    const session = taped(at(7))
    const whole = linesOf(play(session))
    const seen = (events: ReadonlyArray<ConversationEvent>) =>
      sides.map((side) => linesOf(asSeenBy(side, events)))
    const wholeSeen = seen(play(session))
    for (const side of sides) {
      for (let cut = 1; cut < session[side].length; cut++) {
        const other = side === 'client' ? 'server' : 'client'
        const events = play(session, [
          [side, cut],
          [other, Infinity],
          [side, Infinity],
        ])
        expect(seen(events), `${side} at ${cut}`).to.deep.equal(wholeSeen)
      }
    }
    const step = fc.tuple(fc.constantFrom<Side>('client', 'server'), fc.integer({ min: 1, max: 60 }))
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps: ReadonlyArray<Step>) => {
        expect(seen(play(session, steps))).to.deep.equal(wholeSeen)
      }),
    )
    expect(whole).to.have.length.above(40)
  })

  it('rejects another major version on both sides', () => {
    const greet = (client: number, server: number) =>
      issuesOf(play(tape(serveProtocol, [int(0x390c9deb), int(client)], [int(0x5452eecb), int(server)])))
    expect(greet(0x207, 0x126)).to.deep.equal([['server', 'InvalidValue', 'hello', 0]])
    expect(greet(0x126, 0x207)).to.deep.equal([['client', 'InvalidValue', 'version', 8]])
    expect(greet(0x205, 0x200)).to.deep.equal([])
  })

  it('reports an issue with its place', () => {
    const start = concat(...greeting(7).client).length
    const first = (turn: {
      readonly client: ReadonlyArray<Uint8Array>
      readonly server: ReadonlyArray<Uint8Array>
    }) => issuesOf(play(taped([greeting(7), { name: '', ...turn }])))[0]
    expect(first({ client: [int(10)], server: [] })).to.deep.equal(['client', 'UnknownTag', 'command', start])
    // The server closes, and the reason is on its stderr.
    expect(first({ client: [int(3), padded('/nix/store/x')], server: [] })?.slice(0, 2)).to.deep.equal([
      'client',
      'InvalidText',
    ])
    const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
    expect(first({ client: [int(3), padded(path)], server: [] })).to.deep.equal([
      'server',
      'UnexpectedEnd',
      'download',
      concat(...greeting(7).server).length,
    ])
    const lying = turnsAt(7)
      .filter(({ name }) => name === 'AddToStoreNar')
      .map((turn) => ({ ...turn, client: turn.client.with(6, int(nar.length + 8)) }))
    expect(issuesOf(play(taped([greeting(7), ...lying])))[0]?.slice(0, 3)).to.deep.equal([
      'client',
      'InvalidValue',
      'upload',
    ])
  })

  it('follows a command that the version lacks, and says so', () => {
    const turn = turnsAt(7).filter(({ name }) => name === 'AddToStoreNar')
    const over = play(taped([greeting(4), ...turn])).find(
      (event) => event.kind === 'turn' && event.is === 'over',
    )
    expect(over).to.deep.include({ chosen: 'AddToStoreNar', lacking: true })
  })
})

describe('the page of the serve protocol', () => {
  const page = pages['serve-protocol.md']?.() ?? ''

  it('has each key of the conversation, and a diagram of the handshake and of the commands', () => {
    for (const node of flowsIn(serveProtocol.node)) {
      if (node._tag === 'says' || node._tag === 'blob') {
        expect(page, node.key).to.include(`\`${node.key}\`: `)
      }
    }
    expect(page.match(/^sequenceDiagram$/gm)).to.have.length(2)
  })

  it('has no version of the daemon protocol', () => {
    expect(page).not.to.match(/\b1\.[0-9]+\b/)
  })
})
