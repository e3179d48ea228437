import { expect } from 'chai'
import {
  i8,
  i16,
  i32,
  i64,
  listOf,
  literal,
  mapOf,
  optionalByTag,
  setOf,
  struct,
  u8,
  u63,
} from '../../combinators/index.js'
import { fromJson, toJsonSchema, toMarkdown } from '../../interpreters/index.js'
import { describeLaws } from '../../laws/index.js'
import { bothWays, refusal, shownAs, unwritable } from '../support/both-ways.js'
import { issueOf } from '../support/either.js'

describe('signed integers', () => {
  it("are two's complement of 64 bits", () => {
    bothWays(i64, 0n, '0000000000000000')
    bothWays(i64, -1n, 'ffffffffffffffff')
    bothWays(i64, -(2n ** 63n), '0000000000000080')
    bothWays(i64, 2n ** 63n - 1n, 'ffffffffffffff7f')
    bothWays(i32, -40, 'd8ffffffffffffff')
    bothWays(i32, -2147483648, '00000080ffffffff')
    bothWays(i32, 2147483647, 'ffffff7f00000000')
    bothWays(i16, -32768, '0080ffffffffffff')
    bothWays(i16, 32767, 'ff7f000000000000')
    bothWays(i8, -128, '80ffffffffffffff')
    bothWays(i8, 127, '7f00000000000000')
  })

  it('reject values out of their range, and high bits that differ from the sign', () => {
    const range = 'an integer from -128 to 127'
    expect(refusal(i8, '8000000000000000')).to.deep.equal(['InvalidValue', 0, range])
    expect(refusal(i8, '7fffffffffffffff')).to.deep.equal(['InvalidValue', 0, range])
    expect(refusal(i8, 'ff00000000000000')).to.deep.equal(['InvalidValue', 0, range])
    expect(refusal(i16, 'ff7fffffffffffff')[0]).to.equal('InvalidValue')
    expect(refusal(i32, 'd8ffffff00000000')[0]).to.equal('InvalidValue')
    expect(refusal(struct('S', { a: i64, b: i8 }), '0000000000000000 0001000000000000')[1]).to.equal(8)
  })

  it('refuse to write a value that they could not read', () => {
    for (const value of [128, -129, 1.5, Number.NaN, 1n, '1', true, null, undefined, {}]) {
      expect(unwritable(i8, value), String(value)).to.equal('Unrepresentable')
    }
    for (const value of [2n ** 63n, -(2n ** 63n) - 1n, 1, '1', null]) {
      expect(unwritable(i64, value), String(value)).to.equal('Unrepresentable')
    }
  })

  it('show as integers, in JSON and its schema', () => {
    shownAs(i64, -(2n ** 63n), -(2n ** 63n))
    shownAs(listOf(i8), [-1, 0, 127], [-1n, 0n, 127n])
    shownAs(optionalByTag(u8, i32), { _tag: 'Some', value: -7 }, -7n)
    shownAs(mapOf(i8, i8), new Map([[-1, 1]]), [[-1n, 1n]])
    expect(issueOf(fromJson(i8, {}, -129n)).expected).to.equal('an integer from -128 to 127')
    expect(issueOf(fromJson(i8, {}, '7'))._tag).to.equal('InvalidJson')
    expect(issueOf(fromJson(i32, {}, 2n ** 60n + 1n))._tag).to.equal('InvalidJson')
    expect(toJsonSchema(struct('S', { a: i16 }))).to.deep.include({ properties: { a: { type: 'integer' } } })
  })

  it('are described on a page', () => {
    expect(toMarkdown('S', struct('S', { a: i16 }))).to.include('- a :: `i16`')
    expect(toMarkdown('i16', i16)).to.include("two's complement of 64 bits, -32768 to 32767")
  })

  it('have in sets the order of their bytes', () => {
    const wire = '0300000000000000 0000000000000000 0100000000000000 ffffffffffffffff'
    bothWays(setOf(i64), [0n, 1n, -1n], wire)
  })

  it('can be a constant', () => {
    bothWays(struct('S', { magic: literal(i32, -2) }), {}, 'feffffffffffffff')
  })

  it('differ from u63, which rejects negative numbers', () => {
    bothWays(u63, 2n ** 63n - 1n, 'ffffffffffffff7f')
    expect(refusal(u63, '0000000000000080')[0]).to.equal('OutOfRange')
    expect(unwritable(u63, -1n)).to.equal('OutOfRange')
  })

  describeLaws(struct('Signed', { a: i64, b: i32, c: i16, d: i8, set: setOf(i8), map: mapOf(i64, i16) }))
})
