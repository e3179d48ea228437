import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'
import { commandWords } from '../support/command-words.js'

const wordsFor = async (...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { exitCode, stdout, stderr } = await nixWire(['complete', '--', ...words])
  expect([exitCode, stderr]).to.deep.equal([0, ''])
  return stdout
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0]!)
}

describe('nix-wire complete', () => {
  const rows: ReadonlyArray<readonly [given: ReadonlyArray<string>, words: ReadonlyArray<string>]> = [
    [['de'], ['decode']],
    [['decode', 'ValidPathI'], ['ValidPathInfo']],
    [['decode', '-p', '1.37', 'ValidPathI'], ['ValidPathInfo']],
    [['decode', 'ValidPathInfo', ''], []],
    [
      ['decode', 'ValidPathInfo', '--json', ''],
      ['wire', 'nix'],
    ],
    [['decode', '-p', ''], []],
    [['decode', '--all'], ['--all-issues']],
    [['store', 'path'], ['path-info']],
    [['hash', 'convert', '--to', 'nix'], ['nix32']],
    [['complete', 'f'], ['fish']],
    [['no-such', ''], []],
  ]
  for (const [given, words] of rows) {
    it(`completes the last word of: ${given.map((word) => word || "''").join(' ')}`, async () => {
      expect(await wordsFor(...given)).to.deep.equal(words)
    })
  }

  it('completes every command', async () => {
    const all = await wordsFor('')
    expect(all).to.include.members(['decode', 'conformance', 'complete'])
    for (const name of all) {
      expect((await nixWire([name, '--help'])).exitCode, name).to.equal(0)
    }
  })

  it('rejects an unknown shell', async () => {
    expect((await nixWire(['complete'])).stderr).to.contain('for which shell? bash, zsh, fish')
    expect((await nixWire(['complete', 'csh'])).exitCode).to.equal(2)
  })

  describe('in a shell', () => {
    let dir = ''
    before(() => {
      dir = mkdtempSync(join(tmpdir(), 'nix-wire-complete-'))
      const words = [process.execPath, ...commandWords].map((word) => `'${word}'`).join(' ')
      writeFileSync(join(dir, 'nix-wire'), `#!/bin/sh\nexec ${words} "$@"\n`)
      chmodSync(join(dir, 'nix-wire'), 0o755)
    })
    after(() => rmSync(dir, { recursive: true }))

    it('completes a type in bash', () => {
      const script =
        'source <(nix-wire complete bash); COMP_WORDS=(nix-wire decode ValidPathI); COMP_CWORD=2; _nix_wire; ' +
        'printf "%s\\n" "$COMPREPLY"; complete -p nix-wire'
      const printed = execFileSync('bash', ['-c', script], {
        env: { ...process.env, PATH: `${dir}${delimiter}${process.env.PATH}` },
        encoding: 'utf8',
      })
      expect(printed).to.equal('ValidPathInfo\ncomplete -o default -F _nix_wire nix-wire\n')
    })
  })
})
