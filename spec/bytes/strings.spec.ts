import { expect } from 'chai'
import fc from 'fast-check'
import { strings, withoutBuffer } from '../../bytes/strings.js'
import { anyUnits, isUtf8, nearUtf8 } from '../support/near-utf8.js'

describe('strings and their bytes', () => {
  it('are the same with Buffer and without', () => {
    fc.assert(
      fc.property(nearUtf8, (all) => {
        expect(strings.fromUtf8(all, 0, all.length)).to.equal(withoutBuffer.fromUtf8(all, 0, all.length))
        expect(strings.fromUtf8(all, 0, all.length) !== null).to.equal(isUtf8(all))
        const ascii = all.map((byte) => byte & 0x7f)
        expect(strings.fromAscii(ascii, 1, ascii.length)).to.equal(
          withoutBuffer.fromAscii(ascii, 1, ascii.length),
        )
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(anyUnits, (text) => {
        const length = Buffer.byteLength(text)
        for (const each of [strings, withoutBuffer]) {
          expect(each.byteLength(text)).to.equal(length)
          const target = new Uint8Array(length + 3)
          expect(each.write(target, text, 2)).to.equal(length)
          expect(Buffer.from(target.subarray(2, 2 + length)).equals(Buffer.from(text))).to.equal(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('keep a mark at their start', () => {
    const mark = new Uint8Array([0xef, 0xbb, 0xbf, 0x61])
    for (const each of [strings, withoutBuffer]) expect(each.fromUtf8(mark, 0, 4)).to.equal('\ufeffa')
  })
})
