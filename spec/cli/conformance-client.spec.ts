import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'
import { skippedButInCi } from '../support/skipped.js'

describe('nix-wire conformance client', () => {
  let folder: string

  const held = (...args: ReadonlyArray<string>) =>
    nixWire(['conformance', 'client', '--record', join(folder, 'failures'), ...args])

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('tests a client of Nix', async function () {
    const folders = (process.env.PATH ?? '').split(delimiter)
    if (!folders.some((each) => existsSync(join(each, 'nix-store')))) {
      skippedButInCi(this, 'there is no nix-store')
    }
    const known = join(folder, 'known.txt')
    const only = ['--only', '1.unbroken@1.38', '--only', '2.QueryPathInfo.reply', '--ways', '2']
    const command = ['--', 'nix-store', '--query', '--references', '{path}']
    const { stdout } = await held(...only, '--write-failures', known, ...command)
    expect(stdout.toString()).to.match(/\d passed/)
    expect(stdout.toString()).not.to.contain('crashes')
    expect(readFileSync(known, 'utf8')).not.to.contain('1.unbroken')
  })

  it('says if the client never connected, so that no case of the list could be tried', async () => {
    const only = ['--only', '1.unbroken@1.38']
    const known = join(folder, 'known.txt')
    writeFileSync(known, '1.unbroken@1.38.nothing  # leaves\n')
    const { exitCode, stderr } = await held(...only, '--expected-failures', known, '--', 'true')
    expect([exitCode, stderr]).to.match(/^2,.*no case could be tried.*NIX_REMOTE/s)
  })

  it('says what failed and where its recording is, and writes the list of expected failures', async () => {
    // This client exits with 0, whatever it receives.
    const hello = Buffer.from('6378696e000000002601000000000000', 'hex').toString('base64')
    const client = `require('net').connect(process.argv[1]).on('error', () => 0).resume().end(Buffer.from('${hello}', 'base64'))`
    const known = join(folder, 'known.txt')
    const command = ['--', process.execPath, '-e', client, '{}']
    const { exitCode, stdout } = await held(
      '--only',
      '2.handshake.hello',
      '--ways',
      '1',
      '--write-failures',
      known,
      ...command,
    )
    expect(exitCode).to.equal(1)
    expect(stdout.toString()).to.contain('takes: it ends with code 0')
    expect(readdirSync(join(folder, 'failures'))).to.have.length(1)
    const listed = readFileSync(known, 'utf8')
    expect(listed).to.match(/^2\.handshake\.hello@1\.38\.\S+ {2}# takes: /)
    const again = await held(
      '--only',
      '2.handshake.hello',
      '--ways',
      '1',
      '--expected-failures',
      known,
      ...command,
    )
    expect(again.exitCode).to.equal(0)
  })

  it('rejects a wrong command line', async () => {
    writeFileSync(join(folder, 'list.txt'), 'no identifier\n')
    for (const args of [
      [],
      ['--section', '9', '--', 'true'],
      ['--', join(folder, 'no-such-client')],
      ['--expected-failures', join(folder, 'list.txt'), '--', 'true'],
      ['--only', '9.none', '--', 'true'],
    ]) {
      const { exitCode, stderr } = await held(...args)
      expect(exitCode, `${args}: ${stderr}`).to.equal(2)
    }
  })
})
