import { expect } from 'chai'
import fc from 'fast-check'
import { Kept } from '../../conversation/line/kept.js'
import { concat } from '../support/wire.js'

const drained = (kept: Kept): ReadonlyArray<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for (let chunk = kept.take(); chunk !== null; chunk = kept.take()) {
    chunks.push(chunk)
  }
  return chunks
}

describe('a stream that is buffered', () => {
  it('comes out as it went in, whatever is taken in between', () => {
    const step = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }).map((bytes) => ({ bytes })),
      fc.constant({ bytes: null }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const kept = new Kept()
        const [given, taken]: [Array<Uint8Array>, Array<Uint8Array>] = [[], []]
        for (const { bytes } of steps) {
          if (bytes === null) {
            taken.push(kept.take() ?? new Uint8Array(0))
          } else {
            kept.add(bytes)
            given.push(bytes)
          }
          const left = concat(...given).length - concat(...taken).length
          expect(kept.size).to.equal(left)
        }
        expect(concat(...taken, ...drained(kept))).to.deep.equal(concat(...given))
        expect(kept.size).to.equal(0)
      }),
    )
  })

  it('needs little more than its bytes, however small the pieces', () => {
    const kept = new Kept()
    for (let at = 0; at < 2 ** 18; at++) {
      kept.add(Uint8Array.of(at))
    }
    const chunks = drained(kept)
    expect(chunks.length).to.equal(256)
    expect(concat(...chunks)).to.deep.equal(Uint8Array.from({ length: 2 ** 18 }, (_, at) => at))
  })

  it('is a separate copy', () => {
    const kept = new Kept()
    const bytes = Uint8Array.of(1, 2, 3)
    kept.add(bytes)
    bytes.fill(0)
    expect(kept.take()).to.deep.equal(Uint8Array.of(1, 2, 3))
    kept.add(bytes)
    kept.drop()
    expect([kept.take(), kept.size]).to.deep.equal([null, 0])
  })
})
