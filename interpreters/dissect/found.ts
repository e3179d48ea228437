import type { Issue } from '../../combinators/issue.js'

/** The number of issues of a value that are listed by default. */
const mostIssues = 100

const highest = 2 ** 32

/** @throws RangeError for an invalid count. */
export const mostOf = (given: number | undefined): number => {
  const most = given ?? mostIssues
  if (!Number.isInteger(most) || most < 0 || most > highest) {
    throw new RangeError(`issues must be an integer from 0 to ${highest}, not ${most}`)
  }
  return most
}

/** The issues of a reading, in order. */
export class Found {
  readonly #most: number
  readonly #all: Array<Issue> = []
  #taken = 0
  /** The first issue, even if none is listed. */
  first: Issue | null = null
  /** The number of issues that are not listed. */
  omitted = 0

  constructor(most: number) {
    this.#most = most
  }

  /** The number of issues. */
  get count(): number {
    return this.#all.length + this.omitted
  }

  get all(): ReadonlyArray<Issue> {
    return this.#all
  }

  /** Adds an issue; returns whether it is listed. */
  add(issue: Issue): boolean {
    this.first ??= issue
    const isListed = this.#all.length < this.#most
    if (isListed) {
      this.#all.push(issue)
    } else {
      this.omitted++
    }
    return isListed
  }

  /** The issues since the last call. */
  take(): ReadonlyArray<Issue> {
    const since = this.#all.slice(this.#taken)
    this.#taken = this.#all.length
    return since
  }
}
