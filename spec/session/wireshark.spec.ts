import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { describeWithTshark, tsharkFields } from '../support/tshark.js'

describeWithTshark('a recording in Wireshark', () => {
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-tshark-'))
  })
  after(() => {
    rmSync(dir, { recursive: true })
  })

  it('has the dissector nix, the connection, the direction and the times of its packets', () => {
    const writer = new RecordingWriter('Tuesday-1')
    const file = join(dir, 'a.pcapng')
    const hello = bytesOf('6378696e00000000')
    writeFileSync(
      file,
      Buffer.concat([
        writer.start(),
        writer.bytes('client', hello, 1_795_321_890_000.25),
        writer.bytes('server', new Uint8Array(200_000), 1_795_321_891_000.5),
        writer.bytes('client', bytesOf('01'), null),
        writer.end('client', 'closed', 1_795_321_892_000),
      ]),
    )
    const fields = [
      'frame.time_epoch',
      'frame.p2p_dir',
      'frame.len',
      'frame.interface_name',
      'exported_pdu.prot_name',
    ]
    expect(tsharkFields(file, ...fields)).to.deep.equal([
      '1795321890.000250000\t0\t92\tTuesday-1\tnix',
      '1795321891.000500000\t1\t131156\tTuesday-1\tnix',
      '1795321891.000500000\t1\t69012\tTuesday-1\tnix',
      '\t\t85\tTuesday-1\tnix',
      '1795321892.000000000\t0\t84\tTuesday-1\tnix',
    ])
  })
})
