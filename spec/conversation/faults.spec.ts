import { expect } from 'chai'
import { type FlowNode, observe } from '../../conversation/index.js'
import { faults } from './faults.js'
import { linesOf, play } from './tape.js'

const kinds: { readonly [K in FlowNode['_tag']]: true } = {
  says: true,
  sequence: true,
  branch: true,
  gated: true,
  agree: true,
  loop: true,
  again: true,
  atOnce: true,
  blob: true,
  carried: true,
  unless: true,
  ends: true,
}

describe('an issue in a conversation has a side, an offset and a path:', () => {
  for (const [name, { session, found }] of Object.entries(faults)) {
    it(name, () => {
      const lines = linesOf(play(session))
      expect(lines.filter((line) => /^(client|server) (issue|fault) /.test(line))).to.deep.equal(found)
      const isFatal = found.some((line) => line.includes(' issue '))
      expect(lines.at(-1)?.startsWith('end broken')).to.equal(isFatal)
    })
  }

  it('before the reply of the other side, and without waiting for it', () => {
    const { session } = faults['unless: what the other side says cannot be read, and it departs']!
    const observer = observe(session.flow)
    observer.push('server', session.server.subarray(0, 16))
    const client = linesOf(observer.push('client', session.client))
    expect(client.at(-1)).to.equal('client issue 24 NotUtf8 order.leaf: 0xff')
    expect(linesOf(observer.push('server', session.server.subarray(16)))).to.deep.equal([
      'server farewell 16-32: what?',
    ])
    observer.end('client')
    expect(linesOf(observer.end('server'))).to.deep.equal(['end broken, left 24 0'])
  })

  it('for each kind of node', () => {
    const told = new Set(Object.keys(faults).map((name) => name.replace(/:.*/, '')))
    expect([...told]).to.have.members(Object.keys(kinds))
  })
})
