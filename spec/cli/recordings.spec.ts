import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { newestOf, type Recording, recordingsAt } from '../../cli/session/recordings.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { nixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'

const samples = projectPath('examples', 'sessions')

describe('a recording by its name', () => {
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-recordings-'))
    for (const name of ['tea.client.bin', 'tea.server.bin', 'copy.pcapng', 'cake.client.bin']) {
      cpSync(join(samples, name), join(dir, name))
    }
    writeFileSync(join(dir, 'notes.txt'), '')
    mkdirSync(join(dir, 'empty'))
    utimesSync(join(dir, 'copy.pcapng'), 2, 2)
    utimesSync(join(dir, 'tea.client.bin'), 1, 1)
  })
  after(() => rmSync(dir, { recursive: true }))

  const shown = ({ files }: Recording) => files.map((file) => file.slice(dir.length + 1))
  const filesAt = (given: string) => recordingsAt(join(dir, given)).map(shown)

  it('finds its file of packets, or the files of both sides', () => {
    expect(filesAt('copy')).to.deep.equal([['copy.pcapng']])
    expect(filesAt('tea')).to.deep.equal([['tea.client.bin', 'tea.server.bin']])
    expect(filesAt('tea.client.bin')).to.deep.equal([['tea.client.bin', 'tea.server.bin']])
    expect(filesAt('cake.client.bin')).to.deep.equal([['cake.client.bin']])
    expect(filesAt('none')).to.deep.equal([['none']])
  })

  it('finds all recordings of a folder, or the newest', () => {
    expect(filesAt('')).to.deep.equal([['copy.pcapng'], ['tea.client.bin', 'tea.server.bin']])
    expect(shown(newestOf(recordingsAt(dir)))).to.deep.equal(['copy.pcapng'])
    expect(() => filesAt('empty')).to.throw(
      'none of its files is *.pcapng or *.pcap, and there is no pair of NAME.client.bin',
    )
  })

  it('is explained by `nix-wire session`', async () => {
    const whole = await nixWire(['session', join(dir, 'tea.client.bin'), join(dir, 'tea.server.bin')])
    for (const name of ['tea', 'tea.client.bin']) {
      expect((await nixWire(['session', join(dir, name)])).stdout.equals(whole.stdout)).to.equal(true)
    }
    const all = (await nixWire(['session', dir])).stdout.toString()
    expect(all.match(/^== .* ==$/gm)).to.deep.equal(['== copy ==', '== tea =='])
    expect(all.endsWith(whole.stdout.toString())).to.equal(true)
    const json = await nixWire(['session', dir, '--json'])
    expect([json.exitCode, json.stderr]).to.match(/^2,.*2 recordings.*name it/)
  })

  it('is named if it is the newest of several, and followed', async () => {
    const both = join(dir, 'both')
    mkdirSync(both)
    for (const name of ['a', 'b']) {
      const writer = new RecordingWriter(name)
      const ends = (['client', 'server'] as const).map((side) => writer.end(side, 'closed', null))
      writeFileSync(join(both, `${name}.pcapng`), Buffer.concat([writer.start(), ...ends]))
    }
    utimesSync(join(both, 'b.pcapng'), 1, 1)
    const { stderr } = await nixWire(['session', both, '--follow'])
    expect(stderr).to.contain('following a, the newest of 2 recordings; the others may go on too')
  })

  it('is reported by its name if something is wrong', async () => {
    const broken = join(dir, 'broken')
    mkdirSync(broken)
    for (const name of ['a', 'b']) {
      cpSync(join(samples, 'tea.client.bin'), join(broken, `${name}.client.bin`))
      writeFileSync(join(broken, `${name}.server.bin`), new Uint8Array(16))
    }
    const { exitCode, stderr } = await nixWire(['session', broken])
    expect(exitCode).to.equal(1)
    expect(stderr).to.contain('something is wrong in 2 of 2 recordings: a, b')
  })
})
