import { expect } from 'chai'
import { bounds, listOf, pure, struct, u8, u64, utf8 } from '../../combinators/index.js'
import { toJsonSchema, toMarkdown } from '../../interpreters/index.js'
import { describeLaws } from '../../laws/index.js'
import { bothWays, refusal, shownAs, unwritable } from '../support/both-ways.js'

const Triple = listOf(u8, { length: 3 })

describe('listOf with a length', () => {
  it('has no count', () => {
    bothWays(Triple, [1, 2, 3], '0100000000000000 0200000000000000 0300000000000000')
    bothWays(listOf(utf8, { length: 1 }), ['a'], '0100000000000000 6100000000000000')
    bothWays(listOf(u8, { length: 0 }), [], '')
    expect(bounds(Triple.node)).to.deep.equal({ min: 24, max: 24 })
  })

  it('always has that number of items', () => {
    expect(refusal(Triple, '0100000000000000 0200000000000000')).to.deep.equal([
      'UnexpectedEnd',
      16,
      '8 bytes',
    ])
    expect(refusal(Triple, '00'.repeat(32))[0]).to.equal('TrailingBytes')
    for (const value of [[1, 2], [1, 2, 3, 4], [], {}, null]) {
      expect(unwritable(Triple, value)).to.equal('Unrepresentable')
    }
  })

  it('may have items that take no bytes, which no count multiplies', () => {
    bothWays(listOf(pure(7), { length: 2 }), [7, 7], '')
  })

  it('shows as an array, and on a page with its length', () => {
    shownAs(Triple, [1, 2, 3], [1n, 2n, 3n])
    expect(toJsonSchema(Triple)).to.deep.include({ type: 'array', items: false, minItems: 3 })
    expect(toMarkdown('S', struct('S', { rgb: Triple }))).to.include('- rgb :: List of exactly 3 `u8`')
    expect(toMarkdown('Triple', Triple)).to.include('List of exactly 3 `u8` (0 to 255), without a count.')
  })

  it('has a limit of 1024', () => {
    for (const length of [-1, 1.5, 1025, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => listOf(u8, { length })).to.throw(RangeError, 'expected 0 to 1024')
    }
    bothWays(listOf(u64, { length: 1024 }), Array<bigint>(1024).fill(0n), '00'.repeat(8192))
  })

  describeLaws(
    struct('Lists', { triple: Triple, words: listOf(utf8, { length: 2 }), nested: listOf(Triple) }),
  )
})
