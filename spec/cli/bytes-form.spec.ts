import { expect } from 'chai'
import { nixWire } from '../support/cli.js'

const out = async (args: ReadonlyArray<string>, stdin = ''): Promise<string> => {
  const { exitCode, stdout, stderr } = await nixWire(args, stdin)
  expect([exitCode, stderr], args.join(' ')).to.deep.equal([0, ''])
  return stdout.toString()
}

const tea = '0100000000000000 0300000000000000 7465610000000000'

describe('bytes as text', () => {
  it('are read as hex digits, as a hex dump, as base64', async () => {
    const dump =
      '00000000: 0100 0000 0000 0000 0300 0000 0000 0000  ................\n' +
      '00000010: 7465 6100 0000 0000                      tea.....\n'
    for (const [options, text] of [
      [['--hex'], tea],
      [['--hex'], dump],
      [['--base64'], Buffer.from(tea.replaceAll(' ', ''), 'hex').toString('base64')],
    ] as const) {
      expect(JSON.parse(await out(['decode', 'List<String>', ...options], text))).to.deep.equal(['tea'])
      expect(await out(['dissect', 'List<String>', ...options], text)).to.contain('"tea"')
    }
    expect(await out(['decode', 'Bool64', '--many', '--hex'], '0100000000000000 0000000000000000')).to.equal(
      'true\nfalse\n',
    )
  })

  it('are rejected if they are not hex or base64 as the option says', async () => {
    for (const [option, text, words] of [
      ['--hex', '0x', '- is not hex: character 2 is not a hex digit'],
      ['--hex', '012', '- is not hex: an odd number of hex digits'],
      ['--base64', '%', '- is not base64: character 1 is not a base64 digit'],
    ] as const) {
      const { exitCode, stderr } = await nixWire(['decode', 'Bool64', option], text)
      expect([exitCode, stderr]).to.deep.equal([1, `nix-wire: ${words}\n`])
    }
    expect((await nixWire(['decode', 'Bool64', '--hex', '--base64'])).exitCode).to.equal(2)
  })

  it('are written as one line for each message', async () => {
    expect(await out(['encode', 'List<String>', '--hex'], '["tea"]')).to.equal(`${tea.replaceAll(' ', '')}\n`)
    expect(await out(['encode', 'UInt64', '--many', '--base64'], '1\n2\n')).to.equal(
      'AQAAAAAAAAA=\nAgAAAAAAAAA=\n',
    )
    const lines = await out(['sample', 'BuildMode', '-n', '3', '--seed', '1', '--hex'])
    expect(lines).to.match(/^(0[0-2]0{14}\n){3}$/)
    for (const options of [['--malformed'], ['--out', '/nowhere'], ['--session', '--out', '/nowhere']]) {
      expect((await nixWire(['sample', 'BuildMode', '--hex', ...options])).exitCode, options[0]).to.equal(2)
    }
  })

  it('are the only form of messages that goes to a terminal', async () => {
    for (const [args, stdin] of [
      [['encode', 'List<String>'], '["tea"]'],
      [['sample', 'BuildMode'], ''],
    ] as const) {
      const refused = await nixWire(args, stdin, {}, true)
      expect([refused.exitCode, refused.stdout.length]).to.deep.equal([2, 0])
      expect(refused.stderr).to.contain('messages are binary').and.contain('--hex')
      expect((await nixWire([...args, '--hex'], stdin, {}, true)).exitCode).to.equal(0)
    }
  })
})
