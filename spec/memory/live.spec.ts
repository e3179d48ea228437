import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { countProcess } from '../support/one-process.js'
import { projectPath } from '../support/shared.js'

// As many operations as seconds in a week take some time; growth with each would show with fewer.
const operations = 54_000

/** How much the heap grew, and what was told. */
const passed = async (...args: ReadonlyArray<string>) => {
  countProcess()
  const script = projectPath('spec/support/live-memory.ts')
  const node = ['--expose-gc', '--import', 'tsx', script, String(operations), ...args]
  const { stdout } = await promisify(execFile)(process.execPath, node)
  const { early, late, events, recorded } = JSON.parse(stdout) as { readonly [key: string]: number }
  const growth = (late ?? Number.NaN) - (early ?? Number.NaN)
  console.log(`      memory after ${operations} operations: grew by ${(growth / 1024).toFixed(0)} KiB`)
  return { growth, events, recorded }
}

// Less than a pointer for each operation after the first third.
const most = (7 * 2 * operations) / 3

describe('the memory of a long connection', () => {
  it('does not grow with its operations, when they are shown, recorded and read', async () => {
    const { growth, events, recorded } = await passed()
    // The last one failed, which is reported when the daemon goes on.
    expect(recorded).to.equal(operations)
    expect(events).to.equal(2 * operations + operations / 3)
    expect(growth).to.be.below(most)
  })

  it('does not grow with its commands, of the serve protocol', async () => {
    const { growth, events, recorded } = await passed('serve')
    // One more for the handshake.
    expect(recorded).to.equal(operations + 1)
    // Each is reported at its beginning and at its end.
    expect(events).to.equal(2 * operations + 1)
    expect(growth).to.be.below(most)
  })
})
