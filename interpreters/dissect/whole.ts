import type { Issue } from '../../combinators/issue.js'
import { limitsOf } from '../../combinators/limits.js'
import { nameInIssues, type ResolvedNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import * as words from '../../combinators/words.js'
import { Found, mostOf } from './found.js'
import type { DissectOptions } from './options.js'
import { Reader } from './reader.js'
import { Refusal, Source } from './source.js'
import { brokenPart, type OpenPart } from './tree.js'

/** What has been read of a message. */
export interface Whole {
  readonly root: OpenPart | null
  /** A value of the grammar if there is no issue. */
  readonly value: unknown
  readonly first: Issue | null
  readonly issues: ReadonlyArray<Issue>
  /** The number of issues that are not listed. */
  readonly omitted: number
}

/** Reads bytes that are exactly one value, past each issue whose extent is known. */
export const readWhole = (
  node: ResolvedNode,
  agreed: Protocol,
  bytes: Uint8Array,
  options: DissectOptions,
  tree: boolean,
): Whole => {
  const limits = limitsOf(options.limits)
  const source = new Source(bytes, false, (pos) => pos, limits.message)
  const found = new Found(mostOf(options.issues))
  const reader = new Reader(
    { protocol: agreed, canonical: options.profile === 'canonical', limits, tree },
    found,
  )
  try {
    reader.begin(node, source)
    reader.advance()
    if (source.left > 0) {
      const place = { path: [], grammar: nameInIssues(node) }
      const actual = words.moreBytes(source.left)
      const issue = source.issue('TrailingBytes', source.pos, place, words.endOfMessage, actual)
      reader.note(undefined, issue)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error
    }
    reader.note(reader.root === null ? undefined : brokenPart(reader.root), error.issue)
  }
  const { first, all: issues, omitted } = found
  return { root: reader.root, value: first === null ? reader.value : undefined, first, issues, omitted }
}
