import { expect } from 'chai'
import { runExample } from './run.js'

describe('examples/private-protocol.ts', () => {
  it('encodes an order, and says what is wrong with an invalid one', async () => {
    const [bytes, issue, ...dump] = (await runExample('private-protocol.ts')).split('\n')
    // The magic number is 'Tea' and zeros; table 7; the tag of trays.
    expect(bytes).to.equal('192 bytes: 546561000000000007000000000000000100000000000000…')
    expect(issue).to.match(
      /^InvalidValue at byte 48, tray\.trays\[0\]\.tea\.water, .*at least 60 °C, got 20$/,
    )
    expect(dump).to.include('  00000030  14 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00  |................|')
  })
})
