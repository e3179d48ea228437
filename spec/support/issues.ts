import { expect } from 'chai'
import type { Either } from 'fp-ts/lib/Either.js'
import type { FieldPath, Issue, IssueTag } from '../../combinators/index.js'
import { issueOf } from './either.js'

/** Tag, offset and path of the issue of an outcome; throws for a value. */
export const refusedAs = (
  outcome: Either<Issue, unknown>,
  tag: IssueTag,
  offset: number,
  path: FieldPath = [],
): Issue => {
  const issue = issueOf(outcome)
  expect([issue._tag, issue.offset, issue.path]).to.deep.equal([tag, offset, path])
  return issue
}
