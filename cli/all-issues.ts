import { type Issue, showIssue } from '../combinators/issue.js'
import { explain } from '../interpreters/explain.js'

/** The issues of a message, as far as they are known. */
interface Issues {
  readonly issues: ReadonlyArray<Issue>
  /** The number of issues beyond those listed. */
  readonly omitted: number
}

/** The most issues that are listed. */
export const mostListed = 100

const others = (count: number): ReadonlyArray<string> =>
  count > 0 ? [`  and ${count} more ${count === 1 ? 'issue' : 'issues'}`] : []

/** The issues of a message as text: the first with its bytes, and with `all` the others on a line each. */
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
