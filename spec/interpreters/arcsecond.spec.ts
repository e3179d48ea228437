import {
  char,
  choice,
  coroutine,
  digits,
  endOfInput,
  exactly,
  getData,
  many,
  Parser,
  possibly,
  sequenceOf,
  setData,
  str,
} from 'arcsecond'
import { expect } from 'chai'
import {
  bool64,
  bytesOf,
  compile,
  framed,
  listOf,
  mapOf,
  paddedBytes,
  rawBytes,
  tuple,
  u64,
} from '../../index.js'
import { runParser, toParser, withTextErrors } from '../../interpreters/index.js'
import { ada, issueOf, joined, Person, person, untyped } from '../support/arcsecond.js'
import { rightOf } from '../support/either.js'

describe('toParser', () => {
  it('leaves the index directly after the value', () => {
    const outcome = runParser(toParser(Person), joined(ada, 'more'))
    expect(outcome).to.deep.equal({ _tag: 'Right', right: { value: { name: 'Ada', age: 36n }, next: 24 } })
  })

  it('reads a value of no bytes at the end of the input', () => {
    expect(runParser(toParser(rawBytes(0)), new Uint8Array(0))).to.deep.equal({
      _tag: 'Right',
      right: { value: new Uint8Array(0), next: 0 },
    })
    expect(rightOf(runParser(toParser(listOf(u64)), new Uint8Array(8))).value).to.deep.equal([])
  })

  it('returns copies of bytes', () => {
    const wire = bytesOf('0100000000000000 ff00000000000000')
    const { value } = rightOf(runParser(toParser(paddedBytes), wire))
    wire.fill(0)
    expect(value).to.deep.equal(new Uint8Array([0xff]))
  })

  describe('among the parsers of arcsecond', () => {
    it('is a Parser', () => {
      expect(toParser(Person)).to.be.instanceOf(Parser)
    })

    it('works in sequenceOf, at any offset', () => {
      const parser = sequenceOf([str('it: '), person, char(';'), person])
      const outcome = runParser(parser, joined('it: ', ada, ';', ada))
      expect(rightOf(outcome)).to.deep.equal({
        value: ['it: ', { name: 'Ada', age: 36n }, ';', { name: 'Ada', age: 36n }],
        next: 53,
      })
    })

    it('works in choice, on either side', () => {
      for (const parser of [choice([person, str('nobody')]), choice([str('nobody'), person])]) {
        expect(rightOf(runParser(parser, ada)).value).to.deep.equal({ name: 'Ada', age: 36n })
        expect(rightOf(runParser(parser, joined('nobody'))).value).to.equal('nobody')
      }
    })

    it('works in coroutine, and its result decides what follows', () => {
      const parser = coroutine((run) => {
        const count = Number(run(digits))
        run(char(':'))
        const people = Array.from({ length: count }, () => run(person))
        return { people, next: people[0]?.age === 36n ? run(untyped(toParser(bool64))) : null }
      })
      const outcome = rightOf(runParser(parser, joined('2:', ada, ada, bytesOf('0100000000000000'))))
      expect(outcome.value.people).to.have.lengthOf(2)
      expect(outcome.value.next).to.equal(true)
    })

    it('works in nested combinations of these', () => {
      const record = sequenceOf([
        choice([str('a'), str('b')]),
        coroutine((run) => [run(person), run(person)]),
      ])
      const parser = choice([sequenceOf([record, endOfInput]), many(record), record])
      expect(rightOf(runParser(parser, joined('a', ada, ada, 'b', ada, ada))).next).to.equal(98)
    })

    it('may be repeated, left out, mapped and chained', () => {
      expect(rightOf(runParser(many(person), joined(ada, ada, ada))).value).to.have.lengthOf(3)
      expect(rightOf(runParser(many(person), joined('x'))).value).to.deep.equal([])
      expect(rightOf(runParser(possibly(person), joined('x')))).to.deep.equal({ value: null, next: 0 })
      const name = toParser(Person).map(({ name }) => name)
      expect(rightOf(runParser(name, ada)).value).to.equal('Ada')
      const listed = toParser(u64).chain((count) => toParser(rawBytes(Number(count))))
      expect(rightOf(runParser(listed, bytesOf('0200000000000000 abcd'))).value).to.deep.equal(
        bytesOf('abcd'),
      )
    })

    it('does not change the data of the state', () => {
      const parser = sequenceOf([setData('mine'), person, getData])
      expect(rightOf(runParser(parser, ada)).value[2]).to.equal('mine')
    })

    it('does nothing after a failure', () => {
      const after = coroutine((run) => run(sequenceOf([str('x'), person])))
      expect(runParser(after, joined('y', ada))).to.have.property('_tag', 'Left')
    })
  })

  describe('the error', () => {
    const broken = joined('it: ', ada.subarray(0, 20))
    const expected = {
      _tag: 'UnexpectedEnd',
      offset: 20,
      path: ['age'],
      expected: '8 bytes',
      actual: '4 bytes',
      grammar: 'u64',
      missing: 4,
    }

    it('is an issue, whose offset counts from the start of the input of arcsecond', () => {
      const outer = sequenceOf([str('it: '), person])
      expect(issueOf(runParser(outer, broken))).to.deep.equal(expected)
      expect(issueOf(runParser(choice([str('nobody'), outer]), broken))).to.deep.equal(expected)
      expect(
        issueOf(
          runParser(
            coroutine((run) => run(outer)),
            broken,
          ),
        ),
      ).to.deep.equal(expected)
      expect(
        issueOf(runParser(sequenceOf([coroutine((run) => run(outer)), char('x')]), broken)),
      ).to.deep.equal(expected)
    })

    it('of choice is that of the alternative that went furthest', () => {
      const parser = choice([person, untyped(toParser(tuple(u64, u64, u64, u64)))])
      expect(issueOf(runParser(parser, ada.subarray(0, 16))).path).to.deep.equal(['age'])
    })

    it('as a text works in combinators that expect texts', () => {
      const people = exactly(2)(withTextErrors(toParser(Person)))
      const outcome = runParser(people, ada)
      expect(outcome).to.have.property('_tag', 'Left')
      expect(outcome).to.have.property('left').that.is.a('string').and.contains('Expecting 2')
      expect(runParser(withTextErrors(toParser(Person)), ada.subarray(0, 20))).to.deep.equal({
        _tag: 'Left',
        left: 'UnexpectedEnd at byte 16, age, in u64: expected 8 bytes, got 4 bytes',
      })
    })
  })

  describe('agrees with the compiled codec', () => {
    it('on frames longer than an encoder writes, and on frames of one byte', () => {
      const grammar = framed(paddedBytes)
      for (const length of [65527, 65528, 65529, 131064, 200000]) {
        const codec = compile(grammar, {}, { profile: 'canonical' })
        const bytes = rightOf(codec.encode(new Uint8Array(length).fill(1)))
        const parser = toParser(grammar, {}, { profile: 'canonical' })
        expect(rightOf(runParser(parser, bytes)).next).to.equal(bytes.length)
        bytes[8]! ^= 1
        expect(runParser(parser, bytes)).to.deep.equal(codec.decodeAt(bytes, 0))
      }
      const cut = joined(
        ...Array.from({ length: 16 }, () => bytesOf('010000000000000000')),
        new Uint8Array(8),
      )
      for (const profile of ['canonical', 'compatible'] as const) {
        const read = runParser(toParser(grammar, {}, { profile }), cut)
        expect(read).to.deep.equal(compile(grammar, {}, { profile }).decodeAt(cut, 0))
      }
    })

    it('on which entry of a map with keys that are objects is kept, and where', () => {
      const wire = [3n, 1n, 30n, 1n, 1n, 10n, 3n, 1n, 31n, 2n, 2n, 20n, 1n, 1n, 11n]
      const bytes = new Uint8Array(8 + 8 * wire.length)
      const view = new DataView(bytes.buffer)
      ;[BigInt(wire.length / 3), ...wire].forEach((word, i) => {
        view.setBigUint64(8 * i, word, true)
      })
      for (const duplicates of ['first', 'last'] as const) {
        const grammar = mapOf(tuple(u64, u64), u64, { duplicates })
        const { value } = rightOf(runParser(toParser(grammar), bytes))
        expect([...value]).to.deep.equal(
          duplicates === 'last'
            ? [
                [[3n, 1n], 31n],
                [[1n, 1n], 11n],
                [[2n, 2n], 20n],
              ]
            : [
                [[3n, 1n], 30n],
                [[1n, 1n], 10n],
                [[2n, 2n], 20n],
              ],
        )
        expect([...rightOf(compile(grammar).decode(bytes))]).to.deep.equal([...value])
      }
    })

    it('on impossible protocols and limits', () => {
      expect(() => toParser(u64, { storeDir: 'x' })).to.throw(RangeError)
      expect(() => toParser(u64, {}, { limits: { depth: 1001 } })).to.throw(RangeError)
    })
  })
})

describe('runParser', () => {
  it('runs any parser, and returns its error', () => {
    const text = Buffer.from('one two')
    expect(runParser(str('two'), text, 4)).to.deep.equal({ _tag: 'Right', right: { value: 'two', next: 7 } })
    expect(runParser(str('two'), text)).to.have.property('_tag', 'Left')
  })
})
