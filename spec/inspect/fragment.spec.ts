import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOf } from '../../bytes/hex.js'
import type { Input, Settings } from '../../inspect/engine/api.js'
import { droppedFiles } from '../../inspect/input/files.js'
import { fragmentOf, largestShared, readFragment } from '../../inspect/input/fragment.js'
import { linkTo } from '../../inspect/input/sharing.js'
import { anyText } from '../support/any-text.js'

const settings: Settings = {
  type: 'Map<String,List<Tuple<Int,Bool64>>>',
  version: '1.34',
  features: ['provenance', 'a b&c=d#e'],
  storeDir: '/srv/nix store',
  canonical: true,
}

describe('the fragment of an address', () => {
  it('describes what was shared', () => {
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
            expect(shared.input).to.deep.equal(input)
            expect(shared.problem).to.equal(null)
            expect(shared.selected).to.deep.equal(path)
            expect(shared.settings).to.deep.equal(
              input.kind === 'message' ? settings : { storeDir: settings.storeDir },
            )
          }
        },
      ),
    )
  })

  it('leaves out an input that is too large', () => {
    const size = (length: number) => {
      const bytes = new Uint8Array(length)
      return readFragment(fragmentOf({ kind: 'message', bytes }, settings, [0]))
    }
    expect(size(largestShared).input).not.to.equal(null)
    expect(size(largestShared + 1)).to.deep.include({ input: null, selected: null })
  })

  it('may contain anything', () => {
    const none = { settings: {}, input: null, served: [], modules: [], selected: null }
    expect(readFragment('')).to.deep.equal({ ...none, problem: null })
    expect(readFragment(`#bytes=${'A'.repeat(2 ** 20)}`)).to.deep.equal({
      ...none,
      problem: 'This link is too long to be one of this page.',
    })
    expect(readFragment('#bytes=%%%&protocol=x&at=1.-2&type=&canonical=yes')).to.deep.equal({
      ...none,
      settings: { type: '' },
      problem: 'This link is broken: its bytes are not base64url. Was a part of it lost?',
    })
    expect(readFragment('#protocol=x&bytes=').problem).to.match(/^The version in this link, "x", is none/)
    expect(readFragment('#client=AA').problem).to.match(/one side of the session is missing/)
    expect(readFragment('#client=AA&daemon=').problem).to.equal(null)
    expect(readFragment(`#at=${'1.'.repeat(500)}1&client=AA`).selected).to.equal(null)
    fc.assert(fc.property(anyText({ maxLength: 100 }), (text) => readFragment(text) !== undefined))
  })
})

describe('the link that shares an input', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const linkFrom = (address: string, length = 3) =>
    linkTo(
      address,
      length === 3 ? { kind: 'message', bytes } : { kind: 'message', bytes: new Uint8Array(length) },
      settings,
      [0],
    )

  it('is the address of the page if others can open it', () => {
    for (const address of ['https://nix.example/inspect/', 'http://nix.example/inspect/#file=a']) {
      const link = linkFrom(address)
      expect(link._tag === 'Link' && link.text).to.match(
        /^https?:\/\/nix\.example\/inspect\/#type=.*&bytes=AQID/,
      )
    }
  })

  it('contains nothing about this machine', () => {
    for (const address of [
      'http://127.0.0.1/5ec4e7/#file=secret.bin',
      'http://localhost/5ec4e7/',
      'http://[::1]/5ec4e7/',
      'file:///home/5ec4e7/index.html',
    ]) {
      const link = linkFrom(address)
      expect(link._tag === 'Link' && link.text).to.match(/^#type=/)
      expect(JSON.stringify(link)).not.to.match(/5ec4e7|secret/)
    }
  })

  it('is missing if the input is too large, or absent', () => {
    expect(linkFrom('https://nix.example/', largestShared)._tag).to.equal('Link')
    const none = linkFrom('https://nix.example/', largestShared + 1)
    expect(none._tag === 'None' && none.problem).to.match(/32,769 bytes, too large for a link/)
    expect(linkTo('https://nix.example/', null, settings, null)._tag).to.equal('None')
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

  it('are recognised by their first bytes, whatever their names', () => {
    const file = (name: string, magic: string) => ({ name, bytes: bytesOf(magic) })
    const daemon = [
      file('x.server.bin', '6378696e00000000'),
      file('x.client.bin', '6f69786400000000'),
    ] as const
    const serve = [file('a', 'eb9d0c3900000000'), file('b', 'cbee525400000000')] as const
    for (const [client, server] of [daemon, serve]) {
      expect(droppedFiles(client, server)).to.deep.equal({ _tag: 'Session', client, server })
      expect(droppedFiles(server, client)).to.deep.equal({ _tag: 'Session', client, server })
    }
    expect(droppedFiles(daemon[0], serve[0])._tag).to.equal('Unclear')
  })
})
