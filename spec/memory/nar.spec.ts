import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'

describe('the memory of archives', () => {
  it('grows by less than 64 MiB for a NAR of 2 GiB in the event writer and the event parser', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      projectPath('spec/support/nar-memory.ts'),
      '2048',
    ])
    const { total, contents, expected, entries, growth } = JSON.parse(stdout) as { [key: string]: number }
    expect(total).to.be.above(2 ** 31)
    expect(contents).to.equal(expected)
    expect(entries).to.equal(20_002)
    console.log(`      memory of NAR streams: grew by ${((growth ?? Number.NaN) / 2 ** 20).toFixed(1)} MiB`)
    expect(growth).to.be.below(64 * 2 ** 20)
  })
})
