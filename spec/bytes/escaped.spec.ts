import { expect } from 'chai'
import fc from 'fast-check'
import { decodeEscaped, encodeEscaped, escapedBytes } from '../../bytes/escaped.js'
import { anyUnits, nearUtf8 } from '../support/near-utf8.js'

describe('escaped text', () => {
  it('has a lone surrogate for each byte that is not UTF-8', () => {
    expect(decodeEscaped(Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xc3))).to.equal('a\udcff\u00e9\udcc3')
    expect(decodeEscaped(Uint8Array.of(0x61, 0xff, 0xc3, 0xa9), 1, 3)).to.equal('\udcff\udcc3')
    expect(encodeEscaped('a\udcff\u00e9\udcc3')).to.deep.equal(Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xc3))
  })

  it('stands for any bytes, each with one text', () => {
    fc.assert(
      fc.property(nearUtf8, (all) => {
        const text = decodeEscaped(all)
        expect(escapedBytes(text)).to.deep.equal(all)
        expect(encodeEscaped(text)).to.deep.equal(all)
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(anyUnits, (text) => {
        const bytes = escapedBytes(text)
        if (bytes !== null) {
          expect(decodeEscaped(bytes)).to.equal(text)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('is rejected if a lone surrogate is not the escape of a byte, or if escaped bytes make a character', () => {
    expect(escapedBytes('\ud800')).to.equal(null)
    expect(escapedBytes('\udc7f')).to.equal(null)
    expect(escapedBytes('\udcc3\udca9')).to.equal(null)
    expect(encodeEscaped('\ud800')).to.deep.equal(Uint8Array.of(0xef, 0xbf, 0xbd))
  })
})
