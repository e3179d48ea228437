import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { runExample } from './run.js'

describe('examples/fork-operation.ts', () => {
  it('is called, answered, and recognised in the bytes', async () => {
    const [event = '', answer, ...refused] = (await runExample('fork-operation.ts')).split('\n')
    const path = '/nix/store/43c29sgdpjbvrxsal68273n6g81s2kni-letter.txt'
    expect(JSON.parse(event)).to.deep.include({
      id: 4711,
      name: 'QueryClosureSize',
      request: { path },
      reply: { paths: 7, bytes: 30_000_000_000 },
      // The id, the length of the path, and the path with its padding; `Last`, and two integers.
      client: [176, 176 + 8 + 8 + 56],
      server: [88, 88 + 8 + 16],
    })
    expect(answer).to.equal('7 paths, 30000 MB')
    expect(refused.join('\n')).to.contain(
      'a connection with feature closure-size, as QueryClosureSize needs it',
    )
  })

  it('fits in thirty lines', () => {
    const text = readFileSync(projectPath('examples/fork-operation.ts'), 'utf8')
    const [composed = ''] = /^const table = [\s\S]*?^const handlers .*$/m.exec(text) ?? []
    expect(composed.split('\n')).to.have.lengthOf.within(10, 30)
  })
})
