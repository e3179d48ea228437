import { expect } from 'chai'
import fc from 'fast-check'
import type { Input, Settings } from '../../inspect/engine/api.js'
import { droppedFiles } from '../../inspect/input/files.js'
import { fragmentOf, largestShared, readFragment } from '../../inspect/input/fragment.js'

const settings: Settings = {
  type: 'Map<String,List<Tuple<Int,Bool64>>>',
  version: '1.34',
  features: ['provenance', 'a b&c=d#e'],
  storeDir: '/srv/nix store',
  canonical: true,
}

describe('the fragment of an address', () => {
  it('says what was shared', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 9 }),
        (client, server, path) => {
          for (const input of [
            { kind: 'message', bytes: client },
            { kind: 'session', client, server, moments: null },
          ] satisfies ReadonlyArray<Input>) {
            const shared = readFragment(`#${fragmentOf(input, settings, path)}`)
            expect(shared?.input).to.deep.equal(input)
            expect(shared?.selected).to.deep.equal(path)
            expect(shared?.settings).to.deep.equal(
              input.kind === 'message' ? settings : { storeDir: settings.storeDir },
            )
          }
        },
      ),
    )
  })

  it('has no input that is too large', () => {
    const size = (length: number) => {
      const bytes = new Uint8Array(length)
      return readFragment(fragmentOf({ kind: 'message', bytes }, settings, [0]))
    }
    expect(size(largestShared)?.input).not.to.equal(null)
    expect(size(largestShared + 1)).to.deep.include({ input: null, selected: null })
  })

  it('may hold anything', () => {
    expect(readFragment('')).to.equal(null)
    expect(readFragment(`#bytes=${'A'.repeat(2 ** 20)}`)).to.equal(null)
    expect(readFragment('#bytes=%%%&protocol=x&at=1.-2&type=&canonical=yes')).to.deep.equal({
      settings: { type: '' },
      input: null,
      served: [],
      modules: [],
      selected: null,
    })
    expect(readFragment(`#at=${'1.'.repeat(500)}1&client=AA`)?.selected).to.equal(null)
    fc.assert(
      fc.property(fc.string({ maxLength: 100, unit: 'binary' }), (text) => readFragment(text) !== undefined),
    )
  })
})

describe('files that are dropped', () => {
  const named = (...names: ReadonlyArray<string>) => {
    const [first = '', second] = names
    const file = (name: string) => ({ name, bytes: new Uint8Array(0) })
    const dropped = droppedFiles(file(first), second === undefined ? undefined : file(second))
    return dropped._tag === 'Session' ? [dropped.client.name, dropped.server.name] : dropped._tag
  }

  it('are a message, a session in some order, or not clear', () => {
    expect(named('a.client.bin')).to.equal('Message')
    expect(named('x.client.bin', 'x.server.bin')).to.deep.equal(['x.client.bin', 'x.server.bin'])
    expect(named('x.server.bin', 'x.client.bin')).to.deep.equal(['x.client.bin', 'x.server.bin'])
    expect(named('daemon', 'client')).to.deep.equal(['client', 'daemon'])
    expect(named('clients.bin', 'servers.bin')).to.equal('Unclear')
    expect(named('x.client.bin', 'y.client.bin')).to.equal('Unclear')
  })
})
