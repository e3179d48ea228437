import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { countProcess } from '../support/one-process.js'
import { projectPath } from '../support/shared.js'

// As many as there are seconds in a week take some time; what grew with each would show with fewer.
const operations = 42_000

describe('memory of a connection that goes on', () => {
  it('does not grow with its operations, shown, recorded and read', async () => {
    countProcess()
    const script = projectPath('spec/support/live-memory.ts')
    const args = ['--expose-gc', '--import', 'tsx', script, String(operations)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const { early, late, events, recorded } = JSON.parse(stdout) as { readonly [key: string]: number }
    const growth = (late ?? Number.NaN) - (early ?? Number.NaN)
    console.log(`      memory after ${operations} operations: grew by ${(growth / 1024).toFixed(0)} KiB`)
    // The last of them failed, and that is told when the daemon goes on.
    expect(recorded).to.equal(operations)
    expect(events).to.equal(2 * operations + operations / 3)
    // Eight bytes for each of them would be 300 KiB more.
    expect(growth).to.be.below(256 * 1024)
  })
})
