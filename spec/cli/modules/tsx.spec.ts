import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { tsxBeside } from '../../../cli/modules/tsx.js'
import { nixWireProcess } from '../../support/cli.js'
import { projectPath } from '../../support/shared.js'

describe('tsxBeside', () => {
  let dir: string
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-tsx-'))
    mkdirSync(join(dir, 'project/node_modules'), { recursive: true })
    for (const name of ['nix-wire', 'tsx']) {
      const from = name === 'tsx' ? projectPath('node_modules/tsx') : projectPath()
      symlinkSync(from, join(dir, 'project/node_modules', name))
    }
    writeFileSync(join(dir, 'project/package.json'), '{ "type": "module" }')
  })
  after(() => rmSync(dir, { recursive: true }))

  const url = (path: string): string => pathToFileURL(join(dir, path)).href

  it('is what import finds', () => {
    expect(tsxBeside(url('project/tea.ts'))).to.equal(import.meta.resolve('tsx/esm/api'))
  })

  it('is null if none is installed', () => {
    expect(tsxBeside(url('tea.ts'))).to.equal(null)
  })

  it('loads a module that no Node reads by itself', async () => {
    writeFileSync(
      join(dir, 'project/tea.ts'),
      `import { enumOf, u8 } from 'nix-wire'
enum Leaf { Assam, Mint }
export const Tea = enumOf(u8, { Assam: Leaf.Assam, Mint: Leaf.Mint })
`,
    )
    const { exitCode, stdout, stderr } = await nixWireProcess(
      ['encode', 'Tea', '--hex', '--module', join(dir, 'project/tea.ts')],
      '"Mint"',
    )
    expect(stderr).to.equal('')
    expect(stdout.toString()).to.equal('0100000000000000\n')
    expect(exitCode).to.equal(0)
  })
})
