import { expect } from 'chai'
import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { ordVersion, type ProtocolVersion, versionFromBits } from '../../combinators/index.js'
import {
  acceptClient,
  acceptServer,
  negotiateFeatures,
  negotiateVersion,
  oldestVersion,
  showHandshakeRefusal,
} from '../../grammar/index.js'

const anyVersion: fc.Arbitrary<ProtocolVersion> = fc.integer({ min: 0, max: 0xffff }).map(versionFromBits)

describe('negotiation', () => {
  it('uses the lower version, whichever side has it', () => {
    expect(negotiateVersion('1.9', '1.10')).to.equal('1.9')
    fc.assert(
      fc.property(anyVersion, anyVersion, (a, b) => {
        const lower = negotiateVersion(a, b)
        expect(lower).to.equal(negotiateVersion(b, a))
        expect([a, b]).to.include(lower)
        expect(ordVersion.compare(lower, a) <= 0 && ordVersion.compare(lower, b) <= 0).to.equal(true)
      }),
    )
  })

  it('uses the features of both, sorted and each once', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', '__proto__', 'toString', 'é'))
    fc.assert(
      fc.property(names, names, (a, b) => {
        const both = negotiateFeatures(a, b)
        expect(both).to.deep.equal(negotiateFeatures(b, a))
        expect(both).to.deep.equal([...new Set(both)].sort())
        for (const name of [...a, ...b]) {
          expect(both.includes(name)).to.equal(a.includes(name) && b.includes(name))
        }
      }),
    )
  })

  it('allows a client with a daemon of major version 1, from 1.10 on', () => {
    expect(oldestVersion).to.equal('1.10')
    expect(acceptServer('1.10')).to.deep.equal(right('1.10'))
    expect(acceptServer('1.255')).to.deep.equal(right('1.38'))
    expect(acceptServer('1.9')).to.deep.equal(left({ _tag: 'TooOld', version: '1.9', minimum: '1.10' }))
    expect(acceptServer('0.99')).to.deep.equal(left({ _tag: 'UnsupportedMajor', version: '0.99' }))
    expect(acceptServer('1.99')).to.deep.equal(right('1.38'))
    expect(acceptServer('2.0')).to.deep.equal(left({ _tag: 'UnsupportedMajor', version: '2.0' }))
  })

  it('allows a daemon with a client of any major version that is not too old', () => {
    expect(acceptClient('1.10')).to.deep.equal(right('1.10'))
    expect(acceptClient('2.0')).to.deep.equal(right('1.38'))
    expect(acceptClient('1.100', { newest: '1.37' })).to.deep.equal(right('1.37'))
    expect(acceptClient('0.255')).to.deep.equal(left({ _tag: 'TooOld', version: '0.255', minimum: '1.10' }))
  })

  it('supports other limits, such as those of Nix 2.32 and of Lix', () => {
    expect(acceptServer('1.17', { oldest: '1.18' })._tag).to.equal('Left')
    expect(acceptClient('1.38', { oldest: '1.35', newest: '1.35' })).to.deep.equal(right('1.35'))
    expect(acceptClient('1.34', { oldest: '1.35', newest: '1.35' })._tag).to.equal('Left')
  })

  it('rejects GNU Guix if features would be exchanged, on either side', () => {
    const refusal = { _tag: 'WithoutFeatures', version: '1.100' } as const
    expect(versionFromBits(0x164)).to.equal('1.100')
    expect(acceptServer('1.100')).to.deep.equal(left(refusal))
    expect(acceptClient('1.100')).to.deep.equal(left(refusal))
    expect(acceptServer('1.100', { newest: '1.15' })).to.deep.equal(right('1.15'))
    expect(showHandshakeRefusal(refusal)).to.include('GNU Guix')
  })

  it('gives its reason in a sentence', () => {
    expect(showHandshakeRefusal({ _tag: 'UnsupportedMajor', version: '2.0' })).to.include('2.0')
    expect(showHandshakeRefusal({ _tag: 'TooOld', version: '1.9', minimum: '1.10' }))
      .to.include('1.9')
      .and.include('1.10')
  })
})
