import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Input, RowData, Settings } from '../../inspect/engine/api.js'
import { Engine } from '../../inspect/engine/engine.js'
import { readCapture } from '../../inspect/input/captures.js'
import { archive, directory, file } from '../support/nar.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { projectPath } from '../support/shared.js'

const settings: Settings = { type: '', version: '1.38', features: [], storeDir: '', canonical: false }

const loaded = (input: Input, given: Partial<Settings> = {}): Engine => {
  const engine = new Engine(Number.POSITIVE_INFINITY)
  const answer = engine.load(input, { ...settings, ...given })
  expect(answer._tag).to.equal('Loaded')
  return engine
}

const session = (streams: { readonly client: Uint8Array; readonly server: Uint8Array }): Engine =>
  loaded({ kind: 'session', moments: null, ...streams })

const message = (type: string, bytes: Uint8Array): Engine =>
  loaded({ kind: 'message', bytes }, { type, storeDir: '/nix/store' })

const allRows = (engine: Engine): ReadonlyArray<RowData> => engine.rows(0, Number.POSITIVE_INFINITY)

const texts = ({ name, about, value }: RowData): ReadonlyArray<string> => [name, about, value]

const recorded = (name: string) => ({
  client: readFileSync(projectPath(`examples/sessions/${name}.client.bin`)),
  server: readFileSync(projectPath(`examples/sessions/${name}.server.bin`)),
})

describe('the rows of the inspector', () => {
  it('distinguish operations by their arguments, and show their results', () => {
    const script = new ScriptedSession({ version: '1.38' })
    for (const [i, valid] of [0, 1, 0].entries()) {
      script.number('client', 1).text('client', somePath.replace('foo', `foo-${i}`))
      script.last().number('server', valid)
    }
    const rows = allRows(session(script.bytes)).slice(1, 4)
    expect(rows.map(texts)).to.deep.equal([
      ['IsValidPath', JSON.stringify(`${somePath}-0`), 'false'],
      ['IsValidPath', JSON.stringify(`${somePath}-1`), 'true'],
      ['IsValidPath', JSON.stringify(`${somePath}-2`), 'false'],
    ])
  })

  it('number operations like the command', () => {
    const rows = allRows(session(recorded('tea')))
    const at = rows.findIndex(({ name }) => name === 'BuildPaths')
    const engine = session(recorded('tea'))
    engine.toggle([at], true)
    const log = allRows(engine).find(({ name }) => name === 'log')
    expect(rows[at]?.value).to.match(/· 24 in its log$/)
    expect(log?.value).to.equal('24 messages')
  })

  it('name an entry of an archive', () => {
    const bytes = archive(directory(['bin', directory(['tea', file('hot')])], ['milk', file('cold')]))
    const engine = message('Nar', bytes)
    const entries = () => allRows(engine).filter(({ grammar }) => grammar === 'NarEntry')
    expect(entries().map(({ about }) => about)).to.include.members(['"bin"', '"milk"'])
  })

  it('hide framing on request, and keep its issues', () => {
    const bytes = archive(directory(['milk', file('cold')]))
    const engine = message('Nar', bytes)
    const isFraming = ({ name }: RowData): boolean => / ?(fixed|mark|tag)$/.test(name)
    const before = allRows(engine)
    expect(before.filter(isFraming)).not.to.have.length(0)
    engine.filter({ framing: false, operation: '', text: '', failures: false })
    const rows = allRows(engine)
    expect(rows.filter(isFraming)).to.deep.equal([])
    expect(rows.map(({ about }) => about)).to.include('"milk"')
    // Each row has the index that it claims.
    expect(rows.map(({ row }) => row)).to.deep.equal(rows.map((_, row) => row))
    expect(rows.map(({ path }) => engine.reveal(path).found?.row)).to.deep.equal(rows.map((_, row) => row))
    // A byte of a hidden item belongs to the item around it.
    const hidden = before.find(isFraming)
    const found = engine.revealAt(0, hidden?.spans[0]?.start ?? -1).found
    expect(found?.path).to.deep.equal(hidden?.path.slice(0, -1))

    const broken = Uint8Array.from(bytes)
    broken[8] = 0x4e
    const other = message('Nar', broken)
    other.filter({ framing: false, operation: '', text: '', failures: false })
    expect(allRows(other).filter(({ tone }) => tone === 'wrong')).not.to.have.length(0)
  })

  it('show dates as dates, large numbers in groups, texts and enums as the command prints them', () => {
    const pathInfo = readFileSync(projectPath('examples/messages/valid-path-info-1.34.bin'))
    const rows = allRows(
      loaded(
        { kind: 'message', bytes: pathInfo },
        { type: 'ValidPathInfo', version: '1.34', storeDir: '/nix/store' },
      ),
    )
    const valueAt = (name: string): string | undefined => rows.find((row) => row.name === name)?.value
    expect(valueAt('registrationTime')).to.equal('1,795,321,890 · 2026-11-22T04:31:30Z')
    expect(valueAt('narSize')).to.equal('176')
    expect(valueAt('deriver')).to.equal('null')
    const engine = session(recorded('tea'))
    const build = allRows(engine).find(({ name }) => name === 'BuildPaths')
    expect(build?.about).to.match(/^"\/nix\/store\/[0-9a-z]{32}-tea\.drv!out"$/)
    engine.toggle(build?.path ?? [], true)
    engine.toggle([...(build?.path ?? []), 1], true)
    expect(allRows(engine).find(({ name }) => name === 'mode')?.value).to.equal('"Normal"')
    engine.toggle([...(build?.path ?? []), 1, 0], true)
    const path = allRows(engine).find(({ grammar }) => grammar === 'DerivedPath')?.path ?? []
    expect(engine.details(path, false).text).to.equal(build?.about)
  })

  it('never contain undefined', () => {
    for (const name of ['tea', 'cake']) {
      const engine = session(recorded(name))
      let { length: rows } = allRows(engine)
      for (let row = 0; row < rows; row++) {
        const { path, open, ...shown } = engine.rows(row, row + 1)[0] as RowData
        if (open === false) {
          rows = engine.toggle(path, true).rows
        }
        expect(JSON.stringify([shown, engine.details(path, true)])).not.to.match(/undefined/)
      }
    }
  })

  it('show their times', () => {
    const [connection] = readCapture(readFileSync(projectPath('examples/sessions/pot.pcapng'))).connections
    const rows = allRows(loaded({ kind: 'session', ...connection }))
    expect(rows[0]?.when).to.match(/^2026-.*took/)
    expect(rows[1]?.when).to.match(/^\+/)
    expect(rows.map(({ value }) => value).join()).not.to.match(/took/)
  })
})
