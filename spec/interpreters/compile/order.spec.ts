import { expect } from 'chai'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import {
  framed,
  type Grammar,
  lazy,
  listOf,
  mapOf,
  optionalByTag,
  setOf,
  struct,
  type TextFormat,
  tagged,
  text,
  u8,
  u64,
  until,
  utf8,
} from '../../../combinators/index.js'
import { compile, toMalformed } from '../../../interpreters/index.js'
import { toArbitrary } from '../../../laws/index.js'
import { rightOf } from '../../support/either.js'

let compared = 0

const Name: TextFormat<string> = {
  name: 'Name',
  summary: 'a name',
  value: 'text',
  parse: (read) => right(read),
  print: (value) => right(value),
  compare: (a, b) => {
    compared++
    return a < b ? -1 : a > b ? 1 : 0
  },
}

interface Tree {
  readonly name: string
  readonly below: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', { name: text(Name), below: setOf(lazy(() => Tree)) })

/** A tree of 2^depth nodes, each set of which is the wrong way round. */
const ordinal = (depth: number): Tree => {
  const all: Array<Tree> = [{ name: 'n', below: [] }]
  for (let i = 0; i < depth; i++) all.push({ name: 'n', below: [...all].reverse() })
  return all.at(-1) as Tree
}

describe('sets in sets, none of them in order', () => {
  it('need comparisons in proportion to their size', () => {
    for (const evaluate of [true, false]) {
      const codec = compile(Tree, {}, { evaluate })
      const counts = [7, 8, 9, 10, 11].map((depth) => {
        compared = 0
        const bytes = rightOf(codec.encode(ordinal(depth)))
        return compared / bytes.length
      })
      expect(counts.at(-1)! / counts[0]!, String(counts)).to.be.below(3)
      compared = 0
      const bytes = rightOf(codec.encode(ordinal(11)))
      compile(Tree, {}, { evaluate, profile: 'canonical' }).decode(bytes)
      expect(compared / bytes.length).to.be.below(10)
    }
  })
})

describe('a set or a map given in any order', () => {
  const Item = struct('Item', {
    number: u64,
    text: utf8,
    names: setOf(text(Name)),
    map: mapOf(u64, listOf(utf8)),
    option: optionalByTag(u8, u64),
    union: tagged('is', u8, { A: [0, { a: u64 }], B: [1, {}] }),
    marked: until(u64, { next: 1n, end: 0n }, u64),
    frames: framed(listOf(u8)),
  })
  const Both = struct('Both', { set: setOf(Item), map: mapOf(Item, Item) })

  it('has the same bytes as one in order', () => {
    const codec = compile(Both)
    fc.assert(
      fc.property(toArbitrary(Both, {}, { formats: { Name: fc.constantFrom('a', 'b', 'c') } }), (value) => {
        const bytes = rightOf(codec.encode(value))
        const turned = {
          set: value.set.map((item) => ({ ...item, names: [...item.names].reverse() })).reverse(),
          map: new Map([...value.map].reverse()),
        }
        expect(codec.encode(turned)).to.deep.equal(right(bytes))
        // Another program, which writes values one by one, has them in the same order.
        const [written] = toMalformed(Both).from(turned)
        expect(written).not.to.equal(undefined)
        expect(compile(Both, {}, { profile: 'canonical' }).decode(bytes)).to.deep.equal(right(value))
      }),
      { numRuns: 60 },
    )
  })
})
