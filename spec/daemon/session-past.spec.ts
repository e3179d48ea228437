import { expect } from 'chai'
import fc from 'fast-check'
import { Past } from '../../daemon/session/past.js'

const kept = 4096

describe('the bytes that a session has let go of', () => {
  it('are the last 4,096 of all, however they came', () => {
    const lengths = fc.array(fc.oneof(fc.nat(40), fc.nat(700), fc.nat(9000)), { maxLength: 40 })
    fc.assert(
      fc.property(lengths, fc.nat(), fc.nat(), (all, a, b) => {
        const past = new Past()
        const bytes = Buffer.concat(all.map((length, i) => Buffer.alloc(length).map((_, j) => 31 * i + j)))
        let at = 0
        for (const length of all) {
          past.add(bytes.subarray(at, at + length))
          at += length
          const [start = 0, end = 0] = [a % (at + 1), b % (at + 1)].sort((x, y) => x - y)
          const expected = bytes.subarray(Math.max(start, at - kept), end)
          expect(Buffer.from(past.copy(start, end))).to.deep.equal(Buffer.from(expected))
        }
        expect(Buffer.from(past.copy(0, at))).to.deep.equal(
          Buffer.from(bytes.subarray(Math.max(0, at - kept))),
        )
      }),
    )
  })
})
