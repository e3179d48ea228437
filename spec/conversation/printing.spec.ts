import { expect } from 'chai'
import { feature, since, u8, utf8 } from '../../combinators/index.js'
import {
  type AnyFlow,
  branch,
  gated,
  loop,
  namedParts,
  noted,
  nothing,
  part,
  says,
  sequence,
  toDiagram,
  toTable,
} from '../../conversation/index.js'
import { greeting, kitchen } from './kitchen.js'

const rowsOf = (flow: AnyFlow, options = {}): ReadonlyArray<ReadonlyArray<string>> =>
  toTable(flow, options)
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .slice(2, -2)
        .split(/ \| /)
        .map((cell) => cell.replaceAll('&emsp;', '  ')),
    )

const everyFlow: ReadonlyArray<AnyFlow> = [kitchen, ...namedParts(kitchen).values()]

describe('a flow is printed', () => {
  it('as a table: side, message, place, and special properties', () => {
    const where = '`want` is Photo (2); protocol version 1.1 or above'
    expect(rowsOf(kitchen, { sides: { server: 'cook' } })).to.deep.equal([
      ['', '[greeting](#greeting)', '', ''],
      ['', '**orders**, turn by turn, until the client closes:', '', ''],
      ['client', '  `want`: u8', '', ''],
      ['client', '  `order`: Order', '`want` is Tea (1)', ''],
      ['', '  [notes](#notes)', '`want` is Tea (1)', ''],
      ['cook', '  `tea`: utf8', '`want` is Tea (1)', ''],
      ['both', '  at once:', where, ''],
      ['client', '    `photo`, in frames; inside:', '', ''],
      ['client', '      `pixels`: bytes, to the end of what carries them', '', ''],
      ['', '    [notes](#notes)', '', ''],
      ['cook', '  `likes`: u32', where, ''],
      ['cook', '  `time`: utf8', '`want` is Clock (3)', ''],
      ['cook', 'may break off at any moment:', '', ''],
      ['cook', '  `farewell`: utf8', '', ''],
    ])
  })

  it('with its named parts once, and links where they occur', () => {
    expect([...namedParts(kitchen).keys()]).to.deep.equal(['greeting', 'notes'])
    const links = everyFlow.flatMap((flow) => rowsOf(flow)).filter(([, what]) => what?.includes('[notes]('))
    expect(links).to.have.length(2)
    expect(rowsOf(greeting, { message: (name: string) => `<${name}>`, part: () => '' })).to.deep.equal([
      ['client', '`hello`: <Hello>', '', ''],
      ['server', '`welcome`: <Hello>', '', ''],
      ['both', 'agree on the version, from `hello` and `welcome`', '', ''],
      ['server', '`verdict`: <Verdict>', '', ''],
      ['', 'goes on', '`verdict.is` is Open', ''],
      ['server', 'closes', '`verdict.is` is Closed', ''],
    ])
  })

  it('with each key in some table and some diagram', () => {
    const tables = everyFlow.map((flow) => toTable(flow)).join('\n')
    const diagrams = everyFlow.map((flow) => toDiagram(flow)).join('\n')
    for (const key of [
      'hello',
      'welcome',
      'verdict',
      'note',
      'want',
      'order',
      'tea',
      'photo',
      'likes',
      'time',
      'farewell',
    ]) {
      expect(tables).to.include(`\`${key}\``)
      expect(diagrams).to.match(new RegExp(`->>(client|server): ${key}\\b`))
    }
  })

  it('with the condition of a gate that does not hold, and the otherwise of a branch', () => {
    const flow = sequence(
      says('client', 'cups', u8),
      gated(since('1.2'), says('server', 'new', utf8), says('server', 'old', utf8)),
      gated(feature('milk'), nothing, says('client', 'milk', u8)),
      branch(
        'cups',
        { none: [0, nothing], one: [1, nothing], two: [2, says('server', 'tray', u8)] },
        says('server', 'why', utf8),
      ),
    )
    expect(rowsOf(flow).map(([from, what, where]) => [from, what, where])).to.deep.equal([
      ['client', '`cups`: u8', ''],
      ['server', '`new`: utf8', 'protocol version 1.2 or above'],
      ['server', '`old`: utf8', 'protocol version below 1.2'],
      ['client', '`milk`: u8', 'not (feature milk)'],
      ['', 'goes on', '`cups` is none (0), one (1)'],
      ['server', '`tray`: u8', '`cups` is two (2)'],
      ['server', '`why`: utf8', '`cups` is anything else'],
    ])
  })

  it('with each note at its part', () => {
    const flow = sequence(
      noted('first', says('client', 'a', u8)),
      noted('both', sequence(noted('inner', says('client', 'b', u8)), says('client', 'c', u8))),
      noted('a part', part('rest', says('client', 'd', u8))),
    )
    expect(rowsOf(flow).map(([, , , note]) => note)).to.deep.equal(['first', 'both; inner', '', 'a part'])
    expect(toDiagram(flow).match(/Note over client,server: .*/g)).to.deep.equal(
      ['first', 'both', 'inner', 'a part', 'rest'].map((words) => `Note over client,server: ${words}`),
    )
  })

  it('without letting a name break the table or the diagram', () => {
    const flow = noted('a | b; #1\nc', says('client', 'x\u001b[31m|#;', u8))
    expect(toTable(flow).split('\n')).to.have.length(3)
    expect(toTable(flow)).to.include('a \\| b; #1\\nc').and.not.include('\u001b')
    const lines = toDiagram(flow, { sides: { server: 'the cook; #2' } }).split('\n')
    expect(lines.slice(2)).to.deep.equal([
      'participant server as the cook#59; #35;2',
      'Note over client,server: a | b#59; #35;1\\nc',
      'client->>server: x\\u001b[31m|#35;#59;',
    ])
  })

  it('as a diagram whose blocks all end', () => {
    for (const flow of everyFlow) {
      const depth = (line: string) => (line.length - line.trimStart().length) / 2
      const open: Array<string> = []
      for (const line of toDiagram(flow).split('\n')) {
        const [word = ''] = line.trim().split(' ')
        if (word === 'end' || word === 'else' || word === 'and') {
          const before = open.pop()
          expect(before, line).to.be.oneOf(
            word === 'end' ? ['alt', 'opt', 'loop', 'par', 'break'] : [word === 'else' ? 'alt' : 'par'],
          )
          if (word !== 'end') {
            open.push(before!)
          }
          expect(depth(line), line).to.equal(word === 'end' ? open.length : open.length - 1)
        } else {
          expect(depth(line), line).to.equal(open.length)
          if (['alt', 'opt', 'loop', 'par', 'break'].includes(word)) {
            open.push(word)
          }
        }
      }
      expect(open).to.deep.equal([])
    }
  })

  it('with an announced number of turns, or turn by turn', () => {
    const rounds = sequence(
      says('client', 'count', u8),
      loop('each', says('client', 'leaf', utf8), { times: 'count' }),
    )
    expect(rowsOf(rounds)[1]).to.deep.equal(['', '**each**, `count` times:', '', ''])
    expect(toDiagram(rounds)).to.include('loop each, count times')
    expect(
      toDiagram(loop('gossip', says('server', 'word', utf8), { end: 'server' }), {
        sides: { server: 'cook' },
      }),
    ).to.include('loop gossip, turn by turn, until the cook closes')
  })
})
