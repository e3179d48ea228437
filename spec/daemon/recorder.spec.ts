import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Recording, type RecordingFile, recordingsIn } from '../../daemon/proxy/recorder.js'

const filesOf = ({ pcapng, bin }: Recording): ReadonlyArray<RecordingFile> =>
  [pcapng, bin?.client, bin?.server].filter((file) => file != null)

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

  it('can be read by their owner alone, whatever the umask', () => {
    const umask = process.umask(0)
    try {
      const made = filesOf(recordingsIn(dir, 'both')())
      expect(made).to.have.lengthOf(3)
      for (const { path, descriptor } of made) {
        expect(fs.statSync(path).mode & 0o777).to.equal(0o600)
        fs.closeSync(descriptor)
      }
    } finally {
      process.umask(umask)
    }
  })

  it('are all created or none: no file and no descriptor is left of one', () => {
    const next = recordingsIn(dir, 'both')
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

  it('are never overwritten; if one name is taken all get another', () => {
    const next = recordingsIn(dir, 'both')
    const first = filesOf(next())
    const base = first[0]?.path.replace('1.pcapng', '') ?? ''
    const taken = ['2.server.bin', '3.client.bin', '4.pcapng'].map((end) => `${base}${end}`)
    for (const path of taken) {
      fs.writeFileSync(path, 'mine')
    }
    const before = openFiles()
    const second = filesOf(next())
    expect(second.map(({ path }) => path)).to.deep.equal(
      ['5.pcapng', '5.client.bin', '5.server.bin'].map((end) => `${base}${end}`),
    )
    expect(openFiles()).to.equal(before + 3)
    expect(taken.map((path) => fs.readFileSync(path, 'utf8'))).to.deep.equal(['mine', 'mine', 'mine'])
    expect(fs.readdirSync(dir)).to.have.length(9)
    for (const { descriptor } of [...first, ...second]) {
      fs.closeSync(descriptor)
    }
  })
})
