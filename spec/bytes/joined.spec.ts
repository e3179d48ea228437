import { expect } from 'chai'
import { grown } from '../../bytes/grown.js'
import { joined } from '../../bytes/joined.js'
import { copiedIn } from '../support/copies.js'

describe('arrays joined', () => {
  it('are one after another, in separate memory', () => {
    const part = Uint8Array.of(1, 2)
    const all = joined([part, new Uint8Array(0), Buffer.from([3]), part])
    expect(all).to.deep.equal(Uint8Array.of(1, 2, 3, 1, 2))
    expect(all.constructor).to.equal(Uint8Array)
    part.fill(9)
    expect(joined([all])).to.deep.equal(Uint8Array.of(1, 2, 3, 1, 2))
    expect(joined([])).to.deep.equal(new Uint8Array(0))
  })
})

describe('an array that grows', () => {
  it('has the used bytes first, then zeros', () => {
    expect(grown(Uint8Array.of(1, 2, 3), 2, 5)).to.deep.equal(Uint8Array.of(1, 2, 0, 0, 0, 0))
    expect(grown(Uint8Array.of(1, 2, 3), 3, 9)).to.have.lengthOf(9)
    expect(grown(new Uint8Array(0), 0, 1, { least: 16 })).to.have.lengthOf(16)
    expect(grown(new Uint8Array(8), 8, 9, { most: 10 })).to.have.lengthOf(10)
  })

  it('costs a few copies of each byte, byte by byte', () => {
    let bytes: Uint8Array = new Uint8Array(0)
    const copied = copiedIn(() => {
      for (let used = 0; used < 100_000; used++) {
        if (used === bytes.length) {
          bytes = grown(bytes, used, used + 1)
        }
      }
    })
    expect(copied).to.be.below(2 * 100_000)
  })
})
