import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { struct, u8, utf8 } from '../../combinators/index.js'
import { compile } from '../../interpreters/index.js'
import { RecordingWriter } from '../../session/index.js'
import { nixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'
import { describeWithTshark } from '../support/tshark.js'
import { tsharkPackets } from '../support/tshark-dissection.js'

describe('nix-wire grammar --wireshark', () => {
  it('prints a dissector that has a field for each path', async () => {
    const { exitCode, stdout } = await nixWire(['grammar', '--wireshark'])
    expect(exitCode).to.equal(0)
    for (const path of ['QueryPathInfo.path', 'LogMessage.StartActivity.text', 'serve.QueryClosure.paths']) {
      expect(stdout.toString()).to.contain(`    "${path}",\n`)
    }
  })

  it('rejects a type, and rejects --code', async () => {
    const { exitCode, stderr } = await nixWire(['grammar', 'StorePath', '--wireshark'])
    expect([exitCode, stderr]).to.deep.equal([
      2,
      'nix-wire: --wireshark prints all messages: leave out TYPE\n',
    ])
    expect((await nixWire(['grammar', '--code', '--wireshark'])).stderr).to.contain('leave out --code')
  })
})

describeWithTshark('the dissector in Wireshark', () => {
  it('knows the types of a module', async () => {
    const { stdout } = await nixWire(['grammar', '--wireshark', '--module', 'examples/kitchen/kitchen.js'])
    const order = compile(struct('Order', { leaf: utf8, milk: u8 })).encode({ leaf: 'Assam', milk: 3 })
    if (isLeft(order)) throw new Error('no order')
    const writer = new RecordingWriter('kitchen')
    const about = { part: 'Whole', version: null, operation: '', type: 'Order' } as const
    const recording = Buffer.concat([
      writer.start(),
      writer.bytes('client', order.right, null, { ...about, features: ['milk'] }),
      writer.bytes('client', order.right.subarray(0, 16), null, { ...about, features: [] }),
    ])
    const shown = tsharkPackets(recording, stdout.toString())
    expect(
      shown.map(({ values }) => values.filter(({ filter }) => filter.startsWith('Order.'))),
    ).to.deep.equal([
      [
        { filter: 'Order.leaf', text: 'Assam' },
        { filter: 'Order.milk', text: '3' },
      ],
      [
        { filter: 'Order.leaf', text: 'Assam' },
        { filter: 'Order.milk', text: '0' },
      ],
    ])
  })

  it('reads the serve protocol, and allows filters', async () => {
    const { stdout } = await nixWire(['grammar', '--wireshark'])
    const recording = readFileSync(projectPath('examples/sessions/copy.pcapng'))
    const shown = tsharkPackets(recording, stdout.toString(), '-Y', 'nix.serve.AddToStoreNar.narSize > 0')
    expect(shown.length).to.equal(2)
    expect(shown[0]?.values.map(({ filter }) => filter)).to.include('serve.AddToStoreNar.narHash')
    expect(shown.flatMap(({ notes }) => notes)).to.deep.equal([])
  })
})
