import { expect } from 'chai'
import { nixWire } from '../support/cli.js'

const reply = 'examples/messages/query-path-info-reply-1.34.bin'
const pathInfo = 'examples/messages/valid-path-info-1.34.bin'

describe('the hint which type the bytes fit', () => {
  const rows: ReadonlyArray<readonly [args: ReadonlyArray<string>, line: RegExp | null]> = [
    [
      ['QueryPathInfoReply', '-p', '1.16', reply],
      /^The bytes fit this type under another version: -p 1\.17\.$/m,
    ],
    [['BuildResult', '-p', '1.34', pathInfo], /^Under this protocol the bytes fit ValidPathInfo/m],
    [['ClientHandshakeInfo', '-p', '1.34', 'examples/sessions/tea.client.bin'], null],
  ]
  for (const command of ['decode', 'dissect']) {
    for (const [args, line] of rows) {
      it(`is ${line === null ? 'not known' : 'given'}: ${command} ${args[0]}`, async () => {
        const { exitCode, stderr } = await nixWire([command, ...args])
        expect(exitCode).to.equal(1)
        if (line === null) {
          expect(stderr).not.to.contain('bytes fit')
        } else {
          expect(stderr).to.match(line)
        }
      })
    }
  }

  it('is not given if the type is right', async () => {
    expect((await nixWire(['decode', 'ValidPathInfo', '-p', '1.34', pathInfo])).stderr).to.equal('')
  })
})
