import { expect } from 'chai'
import fc from 'fast-check'
import { sameStructure } from '../../types/equality.js'

describe('sameStructure', () => {
  it('finds a difference in one place, both ways round', () => {
    const map = new Map([['a', 1]])
    const pairs: ReadonlyArray<readonly [unknown, unknown]> = [
      [{ a: 1 }, { a: 1, b: undefined }],
      [{ a: 1 }, { b: 1 }],
      [[1], [1, 2]],
      [[], {}],
      [map, new Map([...map, ['b', 2]])],
      [map, new Map([['a', 2]])],
      [new Map(), {}],
      [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
      [null, {}],
      [1, '1'],
      [new Date(0), new Date(0)],
      [{}, Object.create({})],
    ]
    for (const [a, b] of pairs)
      expect([sameStructure(a, b), sameStructure(b, a)]).to.deep.equal([false, false])
  })

  it('ignores the order of keys', () => {
    const one = { a: 1, b: new Map(Object.entries({ x: 1, y: 2 })) }
    expect(sameStructure(one, { b: new Map(Object.entries({ y: 2, x: 1 })), a: 1 })).to.equal(true)
  })

  it('finds a copy equal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameStructure(value, structuredClone(value))).to.equal(true)
      }),
    )
  })
})
