import type { Issue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Profile } from '../../interpreters/compile/index.js'
import { dissect } from '../../interpreters/dissect/index.js'
import { type Excerpt, explain } from '../../interpreters/explain.js'
import { issuesText, mostListed } from '../all-issues.js'
import { compressionOf, describeCompression } from '../compression/kinds.js'
import { Failure } from '../failure.js'

/** All issues of a message. */
export const allWrong = (
  grammar: Grammar<unknown>,
  agreed: Protocol,
  profile: Profile,
  bytes: Uint8Array,
  first: Issue,
): Failure =>
  new Failure(
    1,
    issuesText(first, dissect(grammar, agreed, bytes, { profile, issues: mostListed }), bytes, true),
  )

/** The first issue of a message. */
export const wrongBytes = (issue: Issue, excerpt: Excerpt): Failure => {
  const compression = excerpt.start === 0 ? compressionOf(excerpt.bytes) : null
  // The bytes may also be an ordinary number.
  const note = compression ? `\nIt may be ${describeCompression(compression, 'decode')}.` : ''
  return new Failure(1, `${explain(issue, excerpt)}${note}`)
}
