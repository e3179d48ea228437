import type { Issue } from '../../combinators/issue.js'

/** How many issues of one value are listed unless a reading is told otherwise. */
const mostIssues = 100

const highest = 2 ** 32

/** @throws RangeError for what cannot be a count. */
export const mostOf = (given: number | undefined): number => {
  const most = given ?? mostIssues
  if (!Number.isInteger(most) || most < 0 || most > highest) {
    throw new RangeError(`issues must be an integer from 0 to ${highest}, not ${most}`)
  }
  return most
}

/** The issues of a reading, in the order in which they were found. */
export class Found {
  readonly #most: number
  readonly #all: Array<Issue> = []
  #taken = 0
  /** Also where none is listed. */
  first: Issue | null = null
  /** How many there were besides those that are listed. */
  omitted = 0

  constructor(most: number) {
    this.#most = most
  }

  /** How many there were. */
  get count(): number {
    return this.#all.length + this.omitted
  }

  get all(): ReadonlyArray<Issue> {
    return this.#all
  }

  /** Whether it is listed. */
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

  /** Those that have not been taken. */
  take(): ReadonlyArray<Issue> {
    const since = this.#all.slice(this.#taken)
    this.#taken = this.#all.length
    return since
  }
}
