import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import type { Either } from 'fp-ts/lib/Either.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import {
  bytesOf,
  type Issue,
  listOf,
  strictBool,
  struct,
  tagged,
  u8,
  u64,
  utf8,
} from '../../combinators/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile, dissect, toMalformed, toValidator } from '../../interpreters/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'

const Cup = struct('Cup', {
  full: strictBool,
  tea: utf8,
  shape: tagged('kind', u8, { Round: [0, { size: u8 }] }),
})

const tagsOf = (issues: ReadonlyArray<Issue>): ReadonlyArray<string> => issues.map(({ _tag }) => _tag)

describe('toValidator', () => {
  it('lists every issue whose extent is known, and ends with one whose extent is not', () => {
    const wire = bytesOf(
      '0200000000000000 0100000000000000 ff00000000000009 0700000000000000 0000000000000000',
    )
    const issues = issueOf(toValidator(Cup)(wire))
    expect(issues.map(({ _tag, offset, path }) => [_tag, offset, ...path])).to.deep.equal([
      ['OutOfRange', 0, 'full'],
      ['NonZeroPadding', 23, 'tea'],
      ['NotUtf8', 16, 'tea'],
      ['UnknownTag', 24, 'shape', 'kind'],
    ])
  })

  it('returns the value of a valid message', () => {
    expect(toValidator(u64)(bytesOf('0700000000000000'))).to.deep.equal({ _tag: 'Right', right: 7n })
  })

  it('lists up to mostIssues by default', () => {
    const wire = bytesOf(`c800000000000000${'0200000000000000'.repeat(200)}`)
    expect(issueOf(toValidator(listOf(strictBool))(wire))).to.have.lengthOf(100)
  })

  it('lists no more issues than the option says, and always the first', () => {
    const wire = bytesOf(`0300000000000000${'0200000000000000'.repeat(3)}`)
    for (const [issues, count] of [
      [0, 1],
      [2, 2],
      [9, 3],
    ] as const) {
      expect(issueOf(toValidator(listOf(strictBool), {}, { issues })(wire))).to.have.lengthOf(count)
    }
    expect(() => toValidator(u64, {}, { issues: -1 })).to.throw(RangeError, 'issues')
  })

  it('has the first issue of the codec, and the issues of a dissection', () => {
    for (const [name, grammar] of allGrammars) {
      const validate = toValidator(grammar)
      const codec = compile(grammar)
      const values = fc.sample(toArbitrary(grammar), { numRuns: 5, seed: 3 })
      for (const value of values) {
        const wire = rightOf(codec.encode(value))
        expect(validate(wire), name).to.deep.equal(codec.decode(wire))
      }
      for (const { bytes, profile } of toMalformed(grammar).sample(values, 3)) {
        const issues = issueOf(toValidator(grammar, {}, { profile })(bytes))
        const dissection = dissect(grammar, {}, bytes, { profile })
        expect(issues, name).to.deep.equal(dissection.issues)
        expect(tagsOf(issues)[0], name).to.equal(
          issueOf(compile(grammar, {}, { profile }).decode(bytes))._tag,
        )
      }
    }
  })

  it('has the type of the values, and at least one issue', () => {
    expectTypeOf(toValidator(u64)(new Uint8Array(8))).toEqualTypeOf<
      Either<ReadonlyNonEmptyArray<Issue>, bigint>
    >()
    expectTypeOf(toValidator(u64)).parameter(0).not.toExtend<string>()
  })
})
