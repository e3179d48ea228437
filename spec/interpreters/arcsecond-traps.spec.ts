import { exactly } from 'arcsecond'
import { expect } from 'chai'
import {
  bytesOf,
  compile,
  type Grammar,
  lazy,
  listOf,
  mapOf,
  paddedBytes,
  rawBytes,
  setOf,
  struct,
  tuple,
  u64,
  utf8,
} from '../../index.js'
import { runParser, toParser } from '../../interpreters/index.js'
import { ada, issueOf, joined, Person, person } from '../support/arcsecond.js'
import { rightOf } from '../support/either.js'

describe('toParser', () => {
  describe('avoids the pitfalls of arcsecond', () => {
    it('a part of a buffer, which arcsecond reads from the start of the buffer', () => {
      const room = joined('..', ada, '..')
      const part = room.subarray(2, 26)
      expect(toParser(Person).run(part).isError).to.equal(true)
      expect(rightOf(runParser(toParser(Person), part))).to.deep.equal({
        value: { name: 'Ada', age: 36n },
        next: 24,
      })
      expect(issueOf(runParser(toParser(Person), room.subarray(2, 25)))).to.include({
        offset: 16,
        missing: 1,
      })
    })

    it('a start that is not a multiple of 8', () => {
      for (let before = 0; before < 17; before++) {
        const bytes = joined(new Uint8Array(before).fill(7), ada, 'x')
        expect(rightOf(runParser(toParser(Person), bytes, before)).next).to.equal(before + 24)
      }
    })

    it('a count of 0, at which exactly throws', () => {
      expect(() => exactly(0)(person)).to.throw(TypeError)
      for (const grammar of [listOf(u64), setOf(u64), mapOf(u64, u64)] as ReadonlyArray<Grammar<unknown>>) {
        expect(rightOf(runParser(toParser(grammar), new Uint8Array(8))).next).to.equal(8)
      }
    })

    it('repetition of a parser that takes no bytes, at which many hangs', () => {
      const nothing = listOf(lazy(() => rawBytes(0)))
      expect(() => toParser(nothing)).to.throw(TypeError, 'at least one byte')
    })

    it('many items: a hundred thousand neither overflow the stack nor take quadratic time', () => {
      const codec = compile(listOf(tuple(u64, utf8)))
      const parser = toParser(listOf(tuple(u64, utf8)))
      const items = Array.from({ length: 100_000 }, (_, i) => [BigInt(i), `name ${i}`] as const)
      const bytes = rightOf(codec.encode(items))
      expect(rightOf(runParser(parser, bytes)).value).to.have.lengthOf(items.length)
    })

    it('deep recursion: as deep as any codec allows', () => {
      interface Tree {
        readonly children: ReadonlyArray<Tree>
      }
      const Tree: Grammar<Tree> = struct('Tree', { children: listOf(lazy(() => Tree)) })
      let tree: Tree = { children: [] }
      for (let depth = 0; depth < 1000; depth++) {
        tree = { children: [tree] }
      }
      const bytes = rightOf(compile(Tree, {}, { limits: { depth: 1000 } }).encode(tree))
      const parser = (depth: number) => toParser(Tree, {}, { limits: { depth } })
      expect(rightOf(runParser(parser(1000), bytes)).next).to.equal(bytes.length)
      const issue = issueOf(runParser(parser(999), bytes))
      expect(issue).to.include({ _tag: 'LimitExceeded', limit: 'depth', maximum: 999, offset: 8000 })
      expect(issue.path).to.have.lengthOf(2000)
    })

    it('an announced length without the bytes: no memory is allocated for it', () => {
      expect(issueOf(runParser(toParser(paddedBytes), bytesOf('0000000400000000')))).to.include({
        _tag: 'UnexpectedEnd',
        missing: 64 * 2 ** 20,
      })
      expect(issueOf(runParser(toParser(listOf(u64)), bytesOf('0000000100000000')))).to.deep.include({
        _tag: 'UnexpectedEnd',
        path: [0],
        offset: 8,
      })
    })
  })
})
