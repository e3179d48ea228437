import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { some } from 'fp-ts/lib/Option.js'
import {
  bytesOf,
  framed,
  type Grammar,
  type Issue,
  listOf,
  mapOf,
  optionalByTag,
  pure,
  since,
  struct,
  tagged,
  u8,
  u64,
  utf8,
  versioned,
} from '../../combinators/index.js'
import { compile, dissect, issueAt } from '../../interpreters/index.js'
import { rightOf } from '../support/either.js'

const place = <A>(
  grammar: Grammar<A>,
  value: NoInfer<A>,
  ...path: Issue['path']
): readonly [number, string, string] => {
  const {
    offset,
    actual,
    grammar: name,
  } = issueAt(dissect(grammar, {}, rightOf(compile(grammar).encode(value))), path, 'another')
  return [offset, actual, name]
}

const Person = struct('Person', { name: utf8, age: u64 })

describe('issueAt', () => {
  it('starts at the byte of the field, with its value and its grammar', () => {
    const ada = { name: 'Ada', age: 36n }
    expect(place(Person, ada, 'name')).to.deep.equal([0, '"Ada"', 'utf8'])
    expect(place(Person, ada, 'age')).to.deep.equal([16, '36', 'u64'])
    expect(place(Person, ada)).to.deep.equal([0, '{ name: "Ada", age: 36 }', 'Person'])
    expect(place(struct('Pair', { a: Person, b: Person }), { a: ada, b: ada }, 'b', 'age')[0]).to.equal(40)
  })

  it('finds items, keys and values, cases, options and parts inside frames', () => {
    expect(place(listOf(u64), [7n, 8n], 1)).to.deep.equal([16, '8', 'u64'])
    const map = new Map([['a', 1n]])
    expect(place(mapOf(utf8, u64), map, 0, 'key')[0]).to.equal(8)
    expect(place(mapOf(utf8, u64), map, 0, 'value')[0]).to.equal(24)
    const Shape = tagged('kind', u8, { Round: [0, { size: u64 }] })
    expect(place(Shape, { kind: 'Round' as const, size: 3n }, 'size')).to.deep.equal([8, '3', 'u64'])
    expect(place(optionalByTag(u8, Person), some({ name: '', age: 1n }), 'age')[0]).to.equal(16)
    // A frame has its length in front.
    expect(place(framed(Person), { name: '', age: 1n }, 'age')[0]).to.equal(16)
  })

  it('uses the nearest field around one that is not on the wire', () => {
    const Old = struct('Old', {
      first: u64,
      rest: struct('Rest', { a: u64, b: versioned(since('1.2'), u64, 0n) }),
    })
    const { tree } = dissect(Old, { version: '1.1' }, new Uint8Array(16))
    expect(tree?.complete).to.equal(true)
    const issue = issueAt(dissect(Old, { version: '1.1' }, new Uint8Array(16)), ['rest', 'b'], 'a b')
    expect([issue.offset, issue.path]).to.deep.equal([8, ['rest', 'b']])
    expect(issueAt(dissect(pure(7), {}, new Uint8Array(0)), [], 'eight').offset).to.equal(0)
  })

  it('has the given texts, and throws for a wrong argument', () => {
    const dissection = dissect(u64, {}, bytesOf('0700000000000000'))
    expect(issueAt(dissection, [], 'an even number', 'seven')).to.deep.equal({
      _tag: 'InvalidValue',
      offset: 0,
      path: [],
      expected: 'an even number',
      actual: 'seven',
      grammar: 'u64',
    })
    expect(() => issueAt({} as never, [], '')).to.throw(TypeError, 'issueAt takes what dissect gives')
    expect(() => issueAt(dissection, 'a' as never, '')).to.throw(TypeError, 'the path of issueAt')
    expectTypeOf(issueAt<bigint>).returns.toExtend<Issue>()
  })
})
