import { type Issue, showIssue } from '../combinators/issue.js'
import { explain } from '../interpreters/explain.js'

/** What is known of the issues of a message. */
interface Issues {
  readonly issues: ReadonlyArray<Issue>
  /** How many there were besides. */
  readonly omitted: number
}

/** How many issues are listed at most. */
export const mostListed = 100

const others = (count: number): ReadonlyArray<string> =>
  count > 0 ? [`  and ${count} more ${count === 1 ? 'issue' : 'issues'}`] : []

/** The issues of a message in words: the first with its bytes, and the others on a line each if all are wanted. */
export const issuesText = (
  first: Issue,
  { issues, omitted }: Issues,
  bytes: Uint8Array,
  isAll: boolean,
): string => {
  const rest = issues.slice(1)
  return [
    explain(first, { bytes, start: 0 }),
    ...(isAll ? rest.map(showIssue) : []),
    ...others(omitted + (isAll ? 0 : rest.length)),
  ].join('\n')
}
