import { expect } from 'chai'
import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { decodeUtf8, validUpTo } from '../../bytes/utf8.js'
import { isUtf8, nearUtf8 } from '../support/near-utf8.js'

describe('bytes', () => {
  it('are UTF-8 up to the same place as on the platform', () => {
    fc.assert(
      fc.property(nearUtf8, (all) => {
        const end = validUpTo(all, 0, all.length)
        expect(isUtf8(all.subarray(0, end))).to.equal(true)
        if (end < all.length) {
          const longer = Array.from({ length: 4 }, (_, i) =>
            all.subarray(0, Math.min(all.length, end + 1 + i)),
          )
          expect(longer.some(isUtf8)).to.equal(false)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('become the same text as on the platform, a mark at their start included', () => {
    fc.assert(
      fc.property(nearUtf8, (all) => {
        expect(decodeUtf8(all)).to.deep.equal(
          isUtf8(all) ? right(Buffer.from(all).toString('utf8')) : left(validUpTo(all, 0, all.length)),
        )
      }),
      { numRuns: 1000 },
    )
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).to.deep.equal(right('\ufeffa'))
  })

  const first = (...bytes: ReadonlyArray<number>) => validUpTo(Uint8Array.from(bytes), 0, bytes.length)

  it('are valid as in RFC 3629', () => {
    // The first and the last character of each length, and their neighbours.
    expect(first(0x7f)).to.equal(1)
    expect(first(0xc1, 0xbf)).to.equal(0)
    expect(first(0xc2, 0x80)).to.equal(2)
    expect(first(0xdf, 0xbf)).to.equal(2)
    expect(first(0xe0, 0x9f, 0xbf)).to.equal(0)
    expect(first(0xe0, 0xa0, 0x80)).to.equal(3)
    expect(first(0xed, 0x9f, 0xbf)).to.equal(3)
    expect(first(0xed, 0xa0, 0x80)).to.equal(0)
    expect(first(0xee, 0x80, 0x80)).to.equal(3)
    expect(first(0xf0, 0x8f, 0xbf, 0xbf)).to.equal(0)
    expect(first(0xf0, 0x90, 0x80, 0x80)).to.equal(4)
    expect(first(0xf4, 0x8f, 0xbf, 0xbf)).to.equal(4)
    expect(first(0xf4, 0x90, 0x80, 0x80)).to.equal(0)
    expect(first(0xf5, 0x80, 0x80, 0x80)).to.equal(0)
  })
})
