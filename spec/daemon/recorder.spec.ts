import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { recordingsIn } from '../../daemon/proxy/recorder.js'

const openFiles = (): number => fs.readdirSync('/proc/self/fd').length

describe('the files of a recording', () => {
  const { openSync } = fs
  let dir = ''
  beforeEach(() => {
    dir = fs.mkdtempSync(join(tmpdir(), 'nix-wire-recorder-'))
  })
  afterEach(() => {
    fs.openSync = openSync
    syncBuiltinESMExports()
    fs.rmSync(dir, { recursive: true })
  })

  it('are for their owner alone, whatever the umask', () => {
    const umask = process.umask(0)
    try {
      const { files, descriptors } = recordingsIn(dir)()
      for (const side of ['client', 'server'] as const) {
        expect(fs.statSync(files[side]).mode & 0o777).to.equal(0o600)
        fs.closeSync(descriptors[side])
      }
    } finally {
      process.umask(umask)
    }
  })

  it('are both there or neither: no file and no descriptor is left of one', () => {
    const next = recordingsIn(dir)
    const before = openFiles()
    const error = Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE' })
    fs.openSync = (path, ...more) => {
      if (String(path).endsWith('.server.bin')) {
        throw error
      }
      return openSync(path, ...more)
    }
    syncBuiltinESMExports()
    expect(next).to.throw(error.message)
    expect([fs.readdirSync(dir), openFiles()]).to.deep.equal([[], before])
  })

  it('are never written over; where one name is taken both have another', () => {
    const next = recordingsIn(dir)
    const first = next()
    const taken = ['2.server.bin', '3.client.bin'].map((end) =>
      first.files.client.replace('1.client.bin', end),
    )
    for (const path of taken) {
      fs.writeFileSync(path, 'mine')
    }
    const before = openFiles()
    const second = next()
    expect(second.files.client).to.equal(first.files.client.replace('1.client.bin', '4.client.bin'))
    expect(openFiles()).to.equal(before + 2)
    expect(taken.map((path) => fs.readFileSync(path, 'utf8'))).to.deep.equal(['mine', 'mine'])
    expect(fs.readdirSync(dir)).to.have.length(6)
    for (const { client, server } of [first.descriptors, second.descriptors]) {
      fs.closeSync(client)
      fs.closeSync(server)
    }
  })
})
