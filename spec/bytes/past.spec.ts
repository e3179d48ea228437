import { expect } from 'chai'
import fc from 'fast-check'
import { Past } from '../../bytes/past.js'

describe('the last released bytes of a stream', () => {
  it('are as many as requested, however they came', () => {
    const lengths = fc.array(fc.oneof(fc.nat(40), fc.nat(700), fc.nat(9000)), { maxLength: 40 })
    const capacities = fc.constantFrom(1, 16, 100, 4096, 8192)
    fc.assert(
      fc.property(capacities, lengths, fc.nat(), fc.nat(), (kept, all, a, b) => {
        const past = new Past(kept)
        const bytes = Buffer.concat(all.map((length, i) => Buffer.alloc(length).map((_, j) => 31 * i + j)))
        let at = 0
        for (const length of all) {
          past.add(bytes.subarray(at, at + length))
          at += length
          const [start = 0, end = 0] = [a % (at + 1), b % (at + 1)].sort((x, y) => x - y)
          const expected = bytes.subarray(Math.max(start, at - kept), end)
          expect(Buffer.from(past.copy(start, end))).to.deep.equal(Buffer.from(expected))
        }
        expect(past.end).to.equal(at)
        expect(Buffer.from(past.latest)).to.deep.equal(Buffer.from(bytes.subarray(Math.max(0, at - kept))))
      }),
    )
  })
})
