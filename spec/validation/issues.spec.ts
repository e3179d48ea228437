import { expect } from 'chai'
import fc from 'fast-check'
import { getEq } from 'fp-ts/lib/ReadonlyArray.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import { concatAll } from 'fp-ts/lib/Semigroup.js'
import type { Issue } from '../../combinators/index.js'
import { allIssues, eqIssue, firstIssue, issueList, ordIssueOffset } from '../../validation/index.js'
import { holdsEq, holdsMonoid, holdsOrd, holdsSemigroup } from '../support/fp-ts-laws.js'

const issue: fc.Arbitrary<Issue> = fc.record({
  _tag: fc.constantFrom('OutOfRange' as const, 'InvalidValue' as const),
  offset: fc.nat(4),
  path: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
  expected: fc.constant('x'),
  actual: fc.constantFrom('y', 'z'),
  grammar: fc.constant('u8'),
})
const issues: fc.Arbitrary<ReadonlyArray<Issue>> = fc.array(issue, { maxLength: 3 })
const some: fc.Arbitrary<ReadonlyNonEmptyArray<Issue>> = fc
  .tuple(issue, issues)
  .map(([first, rest]) => [first, ...rest])

describe('the instances of issues', () => {
  it('obey the laws', () => {
    holdsEq(eqIssue, issue)
    holdsOrd(ordIssueOffset, issue)
    holdsSemigroup(firstIssue, eqIssue, issue)
    holdsSemigroup(allIssues, getEq(eqIssue), some)
    holdsMonoid(issueList, getEq(eqIssue), issues)
  })

  it('keep the issue that comes first in the message', () => {
    fc.assert(
      fc.property(some, ([first, ...rest]) => {
        const { offset } = concatAll(firstIssue)(first)(rest)
        expect(offset).to.equal(Math.min(...[first, ...rest].map((each) => each.offset)))
      }),
    )
  })
})
