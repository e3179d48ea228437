import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { shapes } from '../support/decoded-shapes.js'
import { countProcess } from '../support/one-process.js'
import { projectPath } from '../support/shared.js'

describe('a decoded value takes, for each byte of its message,', () => {
  let measured: ReadonlyArray<number>
  before(async () => {
    countProcess()
    const script = projectPath('spec/support/decoded-memory.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', 'tsx', script])
    measured = JSON.parse(stdout)
  })

  for (const [index, [shape, , , most]] of shapes.entries()) {
    it(`at most ${most} bytes for ${shape}`, function () {
      const times = measured[index] ?? Number.NaN
      if (this.test !== undefined) this.test.title += `: ${times.toFixed(1)}`
      expect(times).to.be.at.most(most)
    })
  }
})
