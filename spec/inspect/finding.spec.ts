import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Settings } from '../../inspect/engine/api.js'
import { Engine } from '../../inspect/engine/engine.js'
import { noFilter } from '../../inspect/engine/filter.js'
import type { Found, Query } from '../../inspect/engine/finding.js'
import type { Span } from '../../inspect/engine/item.js'
import { needleOfText, placeOf } from '../../inspect/engine/search-bytes.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { projectPath } from '../support/shared.js'

const settings: Settings = {
  type: 'List<ValidPathInfo>',
  version: '1.34',
  features: [],
  storeDir: '/nix/store',
  canonical: false,
}

const engineOf = (...load: Parameters<Engine['load']>): Engine => {
  const engine = new Engine(Number.POSITIVE_INFINITY)
  expect(engine.load(...load)._tag).to.equal('Loaded')
  return engine
}

const pathInfo = readFileSync(projectPath('examples/messages/valid-path-info-1.34.bin'))

/** A list of the recorded path info, so many times. */
const list = (count: number): Engine => {
  const head = Buffer.alloc(8)
  head.writeBigUInt64LE(BigInt(count))
  const bytes = Buffer.concat([head, ...Array<Uint8Array>(count).fill(pathInfo)])
  return engineOf({ kind: 'message', bytes }, settings)
}

/** Three questions whether a path is there; the second fails. */
const asked = (): Engine => {
  const script = new ScriptedSession({ version: '1.34' })
  script.number('client', 1).text('client', `${somePath}-a`).last().number('server', 1)
  script.number('client', 1).text('client', `${somePath}-b`).error('the disk is FULL')
  script.number('client', 11).text('client', `${somePath}-a`).last().number('server', 1)
  return engineOf({ kind: 'session', moments: null, ...script.bytes }, { ...settings, storeDir: '' })
}

const query = (some: Partial<Query>): Query => ({
  text: '',
  how: 'fields',
  backward: false,
  path: [],
  at: null,
  ...some,
})

const pathOf = (found: Found) => (found._tag === 'Found' ? found.shown.found?.path : found._tag)

describe('finding in the inspector', () => {
  it('goes from row to row that contains a text, closed ones too, round and round, both ways', async () => {
    const engine = list(3)
    const places = [
      [0, 1, 1, 1],
      [0, 2, 1, 1],
      [0, 3, 1, 1],
    ]
    for (const backward of [false, true]) {
      const order = backward ? [...places].reverse() : places
      let path: ReadonlyArray<number> = []
      for (const expected of [...order, order[0]]) {
        const found = await engine.find(query({ text: 'NARHASH', backward, path }))
        expect(pathOf(found)).to.deep.equal(expected)
        path = expected as ReadonlyArray<number>
      }
    }
    expect(pathOf(await engine.find(query({ text: 'no such thing' })))).to.equal('Nothing')
    expect(pathOf(await engine.find(query({ text: '' })))).to.equal('Unclear')
  })

  it('finds text in any case and hex in the bytes of both sides', async () => {
    const engine = asked()
    const at = async (some: Partial<Query>) => {
      const found = await engine.find(query(some))
      return found._tag === 'Found' ? [found.bytes, found.shown.found?.name] : found._tag
    }
    const [full] = (await at({ how: 'text', text: 'full' })) as [
      { readonly stream: 0 | 1; readonly start: number; readonly end: number },
    ]
    expect(full).to.deep.equal({ stream: 1, start: full.start, end: full.start + 4 })
    const hex = await at({ how: 'bytes', text: '46 55 4c 4c' })
    expect(hex[0]).to.deep.equal(full)
    expect(await at({ how: 'bytes', text: '66756c6c' })).to.equal('Nothing')
    expect(await at({ how: 'bytes', text: '4' })).to.equal('Unclear')
    // From the only match back to itself.
    expect((await at({ how: 'text', text: 'full', at: { stream: 1, offset: full.start } }))[0]).to.deep.equal(
      full,
    )
    const [last] = (await at({ how: 'text', text: somePath, backward: true })) as ReadonlyArray<Span>
    const [first] = (await at({ how: 'text', text: somePath })) as ReadonlyArray<Span>
    expect(last?.start).to.be.greaterThan(first?.start ?? 0)
  })

  it('finds the same as a plain search', () => {
    const bytes = fc.uint8Array({ maxLength: 40, max: 0x62, min: 0x61 })
    fc.assert(
      fc.property(
        bytes,
        fc.uint8Array({ minLength: 1, maxLength: 3, max: 0x62, min: 0x61 }),
        fc.nat(40),
        (hay, wanted, from) => {
          const text = Buffer.from(hay).toString()
          const needle = needleOfText(Buffer.from(wanted).toString().toUpperCase())
          const [ahead, back] = [
            placeOf(hay, needle, from, hay.length, 1),
            placeOf(hay, needle, from, -1, -1),
          ]
          expect(ahead).to.equal(from > text.length ? -1 : text.indexOf(Buffer.from(wanted).toString(), from))
          expect(back).to.equal(text.lastIndexOf(Buffer.from(wanted).toString(), from))
        },
      ),
    )
  })

  it('is ended by another search, and by another input', async () => {
    const engine = list(5000)
    const [one, other] = [engine.find(query({ text: 'a' })), engine.find(query({ text: 'no such thing' }))]
    engine.stopFinding()
    expect(['Found', 'Stopped']).to.include((await one)._tag)
    expect((await other)._tag).to.equal('Stopped')
  })

  it('filters operations by name, by text, and by failure', async () => {
    const engine = asked()
    const names = () => engine.rows(0, 10).map(({ name, about }) => [name, about.slice(-2, -1)])
    expect(engine.filter({ ...noFilter, operation: 'IsValidPath' })).to.deep.equal({
      rows: 2,
      left: 2,
      of: 5,
    })
    expect(names()).to.deep.equal([
      ['IsValidPath', 'a'],
      ['IsValidPath', 'b'],
    ])
    engine.filter({ ...noFilter, failures: true })
    expect(names()).to.deep.equal([['IsValidPath', 'b']])
    engine.filter({ ...noFilter, text: 'disk is full' })
    expect(names()).to.deep.equal([['IsValidPath', 'b']])
    engine.filter({ ...noFilter, text: `${somePath}-A` })
    expect(names()).to.deep.equal([
      ['IsValidPath', 'a'],
      ['AddTempRoot', 'a'],
    ])
    // A filtered item is found by its byte, and has no row; a search skips it.
    expect(engine.reveal([0]).found?.row).to.equal(-1)
    expect(pathOf(await engine.find(query({ text: 'handshake' })))).to.equal('Nothing')
    expect(engine.filter(noFilter).rows).to.equal(5)
  })

  it('filters the items of a message by their contents', () => {
    const engine = list(3)
    expect(engine.filter({ ...noFilter, text: 'Q4R04WB-greeting' })).to.deep.include({ left: 3, of: 4 })
    expect(engine.filter({ ...noFilter, text: 'nowhere' })).to.deep.include({ rows: 1, left: 0 })
    expect(engine.filter({ ...noFilter, failures: true })).to.deep.include({ left: 0 })
  })
})
