import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { hexOf } from '../../bytes/hex.js'
import { Sha256 } from '../../bytes/sha256.js'

const ours = (...pieces: ReadonlyArray<Uint8Array>): string =>
  hexOf(pieces.reduce((hash, piece) => hash.update(piece), new Sha256()).digest())

describe('SHA-256', () => {
  it('is that of FIPS 180-4', () => {
    expect(ours()).to.equal('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(ours(new TextEncoder().encode('abc'))).to.equal(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('is the same as that of Node, of any length and in any pieces', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = new Uint8Array(length).fill(length)
      expect(ours(bytes), `${length} bytes`).to.equal(createHash('sha256').update(bytes).digest('hex'))
    }
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (pieces) => {
        const whole = createHash('sha256')
        for (const piece of pieces) {
          whole.update(piece)
        }
        expect(ours(...pieces)).to.equal(whole.digest('hex'))
      }),
    )
  })
})
