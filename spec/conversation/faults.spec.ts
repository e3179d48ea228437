import { expect } from 'chai'
import type { FlowNode } from '../../conversation/index.js'
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

describe('what is wrong in a conversation is told with side, byte and place:', () => {
  for (const [name, { session, found }] of Object.entries(faults)) {
    it(name, () => {
      const lines = linesOf(play(session))
      expect(lines.filter((line) => /^(client|server) (issue|fault) /.test(line))).to.deep.equal(found)
      const isFatal = found.some((line) => line.includes(' issue '))
      expect(lines.at(-1)?.startsWith('end broken')).to.equal(isFatal)
    })
  }

  it('for each kind of node', () => {
    const told = new Set(Object.keys(faults).map((name) => name.replace(/:.*/, '')))
    expect([...told]).to.have.members(Object.keys(kinds))
  })
})
