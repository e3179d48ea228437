import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { nixWire } from '../support/cli.js'

const wrong = (count: number): Uint8Array =>
  bytesOf(`${Buffer.of(count, 0, 0, 0, 0, 0, 0, 0).toString('hex')}${'0900000000000000'.repeat(count)}`)

const stderrOf = async (...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { exitCode, stderr } = await nixWire([...args, 'List<BuildMode>', '-'], wrong(3))
  expect(exitCode).to.equal(1)
  return stderr.trimEnd().split('\n')
}

describe('--all-issues', () => {
  for (const command of ['decode', 'dissect']) {
    it(`${command} lists every issue with it`, async () => {
      const lines = await stderrOf(command, '--all-issues')
      expect(lines[0]).to.match(/^nix-wire: \w+ at byte 8, \[0\]/)
      expect(lines.at(-3)).to.match(/^\w+ at byte 16, \[1\]/)
      expect(lines.at(-2)).to.match(/^\w+ at byte 24, \[2\]/)
      expect(lines.at(-1)).to.match(/^More: /)
    })

    it(`${command} lists at most 100`, async () => {
      const { stderr } = await nixWire([command, '--all-issues', 'List<BuildMode>'], wrong(200))
      expect(stderr.match(/ at byte /g)).to.have.lengthOf(100)
      expect(stderr).to.contain('  and 100 more issues')
    })
  }

  it('decode reports only the first issue without it', async () => {
    const lines = await stderrOf('decode')
    expect(lines.filter((line) => line.includes(' at byte '))).to.have.lengthOf(1)
  })

  it('does not change what a valid message prints, and excludes --many', async () => {
    const good = await nixWire(['decode', '--all-issues', 'UInt64'], bytesOf('0700000000000000'))
    expect([good.exitCode, good.stdout.toString()]).to.deep.equal([0, '7\n'])
    const many = await nixWire(['decode', '--all-issues', '--many', 'UInt64'])
    expect([many.exitCode, many.stderr]).to.deep.equal([
      2,
      'nix-wire: --all-issues is for one message: after an issue --many cannot find the next\n',
    ])
  })
})
