import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'

class Celsius {
  readonly degrees: number
  constructor(degrees: number) {
    this.degrees = degrees
  }
}

class Hidden {
  readonly #value: number
  constructor(value: number) {
    this.#value = value
  }
  get double(): number {
    return 2 * this.#value
  }
}

/** Two equal values, and a different one. */
const triples: ReadonlyArray<readonly [what: string, make: () => unknown, other: unknown]> = [
  ['integers', () => 7n, 7],
  ['arrays', () => [1, [2]], [1, [3]]],
  ['objects', () => ({ a: 1, b: {} }), { a: 1, b: { c: 1 } }],
  ['objects without a prototype', () => Object.assign(Object.create(null), { a: 1 }), { a: 2 }],
  ['empty objects of two realms', () => runInNewContext('({})'), { a: 1 }],
  ['options', () => some(1), none],
  ['bytes', () => Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  ['maps', () => new Map([[1, { a: 1 }]]), new Map([[1, { a: 2 }]])],
  ['sets', () => new Set([1, 2]), new Set([1, 3])],
  ['dates', () => new Date(5), new Date(6)],
  ['dates that are none', () => new Date(Number.NaN), new Date(0)],
  ['addresses', () => new URL('https://example.org/a'), new URL('https://example.org/b')],
  ['instances with fields', () => new Celsius(5), new Celsius(6)],
]

describe('equalValues', () => {
  for (const [what, make, other] of triples) {
    it(`compares ${what} by their contents`, () => {
      expect(equalValues(make(), make())).to.equal(true)
      expect(equalValues(make(), other)).to.equal(false)
      expect(equalValues(other, make())).to.equal(false)
      expect(equalValues({ at: [make()] }, { at: [other] })).to.equal(false)
    })
  }

  it('never takes one kind for another', () => {
    const all = triples.map(([, make]) => make())
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) {
        expect(equalValues(a, b), `${i} ${j}`).to.equal(i === j)
      }
    }
  })

  it('takes objects without visible contents as equal only to themselves', () => {
    const hidden = new Hidden(1)
    expect(hidden.double).to.equal(2)
    expect(equalValues(hidden, hidden)).to.equal(true)
    expect(equalValues(hidden, new Hidden(1))).to.equal(false)
    expect(equalValues(hidden, {})).to.equal(false)
    expect(equalValues(new Date(0), {})).to.equal(false)
    expect(equalValues(new Date(0), new Date(0).toJSON())).to.equal(false)
  })
})
