import { expect } from 'chai'
import fc from 'fast-check'
import { fromBase16, fromBase64, fromNix32, toBase16, toBase64, toNix32 } from '../../types/index.js'
import { processorTime } from '../support/processor-time.js'
import { issueOf, rightOf } from './outcomes.js'

const symbols = '0123456789abcdfghijklmnpqrsvwxyz'

/** nix32 by its definition: one big little-endian number in base 32. */
const nix32ByDefinition = (bytes: Uint8Array): string => {
  const number = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`)
  return Array.from(
    { length: Math.ceil((bytes.length * 8) / 5) },
    (_, i) => symbols[Number((number >> BigInt(i * 5)) & 31n)],
  )
    .reverse()
    .join('')
}

const byteStrings = fc.uint8Array({ maxLength: 80 })
const both = {
  base16: [toBase16, fromBase16],
  nix32: [toNix32, fromNix32],
  base64: [toBase64, fromBase64],
} as const

describe('base encodings', () => {
  for (const [name, [to, from]] of Object.entries(both)) {
    it(`${name} reads what it writes`, () => {
      fc.assert(
        fc.property(byteStrings, (bytes) => {
          expect(rightOf(from(to(bytes)))).to.deep.equal(bytes)
        }),
      )
    })

    it(`${name} needs time in proportion to the text`, () => {
      const bytes = new Uint8Array(1_000_000).fill(0xa5)
      const time = processorTime(() => {
        expect(rightOf(from(to(bytes))).length).to.equal(bytes.length)
      })
      expect(time).to.be.lessThan(5000)
    })
  }

  it('base16 and base64 are the same as elsewhere', () => {
    fc.assert(
      fc.property(byteStrings, (bytes) => {
        expect(toBase16(bytes)).to.equal(Buffer.from(bytes).toString('hex'))
        expect(toBase64(bytes)).to.equal(Buffer.from(bytes).toString('base64'))
      }),
    )
  })

  it('nix32 is a little-endian number in base 32', () => {
    fc.assert(
      fc.property(byteStrings, (bytes) => {
        expect(toNix32(bytes)).to.equal(nix32ByDefinition(bytes))
      }),
    )
  })

  describe('base16', () => {
    it('reads upper case', () => {
      expect(rightOf(fromBase16('15E3c560'))).to.deep.equal(Uint8Array.of(0x15, 0xe3, 0xc5, 0x60))
    })

    it('rejects other characters and half a byte, with the position', () => {
      expect(issueOf(fromBase16('15g3')).position).to.equal(2)
      expect(issueOf(fromBase16('é15')).position).to.equal(0)
      expect(issueOf(fromBase16('15e'))).to.include({ position: 3, actual: 'the end of the text' })
    })
  })

  describe('nix32', () => {
    it('rejects symbols it does not have, upper case included', () => {
      for (const symbol of 'eotuEA-=') expect(issueOf(fromNix32(`00${symbol}0`)).position, symbol).to.equal(2)
    })

    it('rejects unused high bits that are not zero', () => {
      // 2 bytes are 16 of the 20 bits of 4 symbols: the first one has one bit.
      expect(rightOf(fromNix32('1zzz'))).to.deep.equal(Uint8Array.of(0xff, 0xff))
      expect(issueOf(fromNix32('2000'))).to.include({ position: 0, expected: 'unused high bits to be zero' })
    })

    it('checks all symbols and their count before unused bits', () => {
      expect(issueOf(fromNix32(`${'z'.repeat(10)}!${'z'.repeat(41)}`))).to.include({
        position: 10,
        expected: 'a nix32 symbol (0-9 a-z without e o t u)',
      })
      expect(issueOf(fromNix32('z'.repeat(27)))).to.include({ position: 27, expected: '28 nix32 symbols' })
    })

    it('rejects counts of symbols that no bytes have', () => {
      const lengths = Array.from({ length: 20 }, (_, length) => length)
      const accepted = lengths.filter((length) => fromNix32('0'.repeat(length))._tag === 'Right')
      expect(accepted).to.deep.equal([0, 2, 4, 5, 7, 8, 10, 12, 13, 15, 16, 18])
    })

    it('has one text for each byte string', () => {
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom(...symbols), maxLength: 40 }), (text) => {
          const read = fromNix32(text)
          if (read._tag === 'Right') expect(toNix32(read.right)).to.equal(text)
        }),
      )
    })
  })

  describe('base64', () => {
    it('skips newlines, stops at the first = and ignores bits that are left over', () => {
      const bytes = Uint8Array.of(0x15, 0xe3)
      for (const text of ['FeM=', 'FeM', 'Fe\nM=', 'FeM==', 'FeM=!junk', 'FeN=', 'FeP']) {
        expect(rightOf(fromBase64(text)), text).to.deep.equal(bytes)
      }
      expect(rightOf(fromBase64('F'))).to.deep.equal(new Uint8Array(0))
      expect(rightOf(fromBase64('='))).to.deep.equal(new Uint8Array(0))
    })

    it('rejects other characters before the first =', () => {
      expect(issueOf(fromBase64('Fe-M')).position).to.equal(2)
      expect(issueOf(fromBase64('Fe M')).position).to.equal(2)
      expect(issueOf(fromBase64('F\re')).position).to.equal(1)
    })
  })
})
