import { expect } from 'chai'
import fc from 'fast-check'
import { escapeBytes, strings, unescapeBytes, withoutBuffer } from '../../../interpreters/compile/strings.js'
import { validUpTo } from '../../../interpreters/compile/utf8.js'

const texts = fc.string({ unit: 'binary', maxLength: 40 })
/** Lone surrogates too. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((all) => String.fromCharCode(...all))
/** Bytes near to UTF-8. */
const bytes = fc
  .tuple(texts, fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }))
  .map(([text, changes]) => {
    const all = new TextEncoder().encode(text)
    for (const [at, byte] of changes) if (at < all.length) all[at] = byte
    return all
  })

const isUtf8 = (all: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(all)
    return true
  } catch {
    return false
  }
}

describe('strings and their bytes', () => {
  it('are the same with Buffer and without', () => {
    fc.assert(
      fc.property(bytes, (all) => {
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
      fc.property(units, (text) => {
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

  it('are UTF-8 up to where the platform says so', () => {
    fc.assert(
      fc.property(bytes, (all) => {
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

  it('survive bytes that are not UTF-8, and only one text stands for them', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        const text = escapeBytes(all, 0, all.length)
        expect(unescapeBytes(text)).to.deep.equal(all)
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(units, (text) => {
        const back = unescapeBytes(text)
        if (back !== null) expect(escapeBytes(back, 0, back.length)).to.equal(text)
      }),
      { numRuns: 1000 },
    )
  })
})
