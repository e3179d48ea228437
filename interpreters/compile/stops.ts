import type { Issue } from '../../combinators/issue.js'
import * as words from '../../combinators/words.js'
import { type FaultTag, faultMarker, isMistake, recordThrown, refuse } from './fault.js'
import type { Input } from './input.js'
import type { Output } from './output.js'
import type { Plan } from './plan.js'

/**
 * Where a reader or writer stopped. Each one that an exception passes through leaves a stop, the innermost first: their
 * steps are the path of an issue, and with what they keep a reading continues when more bytes have come.
 */
export interface Stop {
  readonly plan: Plan
  /** The part that was being read or written; null if it was the plan itself. */
  readonly child: Plan | null
  readonly steps: Steps
  readonly kept: unknown
}

export type Steps = ReadonlyArray<string | number>

const leave = ({ stops }: Input | Output, stop: Stop): void => {
  stops.push(stop)
}

/** Takes the stops that were left, the outermost first, and appends them to the earlier ones. */
export const takeStops = ({ stops }: Input | Output, standing: Array<Stop> = []): Array<Stop> => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    standing.push(stop as Stop)
  }
  return standing
}

/** Leaves a stop when reading. Returns what to throw next. */
export const stopReading = (
  input: Input,
  error: unknown,
  plan: Plan,
  child: Plan | null,
  steps: Steps,
  kept: unknown,
): unknown => {
  if (error === faultMarker) {
    leave(input, { plan, child, steps, kept })
  }
  return error
}

/** Rejects the value of a part; the issue belongs to the plan around it. */
export const refuseRead = (
  input: Input,
  plan: Plan,
  tag: FaultTag,
  offset: number,
  expected: string,
  actual: string,
): never => {
  leave(input, { plan, child: null, steps: [], kept: null })
  return refuse(input, tag, offset, expected, actual)
}

/** Leaves a stop when writing. Returns what to throw next: a fault, if the value threw something. */
export const stopWriting = (
  output: Output,
  error: unknown,
  plan: Plan,
  child: Plan | null,
  steps: Steps,
): unknown => {
  const thrown = asFault(output, error)
  if (thrown === faultMarker) {
    leave(output, { plan, child, steps, kept: null })
  }
  return thrown
}

/** An error thrown by a value, as a fault; mistakes and stack overflows are left unchanged. */
const asFault = (output: Output, error: unknown): unknown => {
  if (error !== faultMarker && !output.trusted && !isMistake(error) && !overflowed(output, error)) {
    recordThrown(output, output.pos - output.start, error)
    return faultMarker
  }
  return error
}

/** The path of stops, and the name of the innermost grammar. The outermost is the first. */
export const placeOf = (stops: ReadonlyArray<Stop>, whole: Plan): Pick<Issue, 'path' | 'grammar'> => {
  const innermost = stops.at(-1)
  return {
    path: stops.flatMap(({ steps }) => steps),
    grammar: (innermost?.child ?? innermost?.plan ?? whole).name,
  }
}

/** The issue of an error thrown while a plan read bytes; `stops` are all of them, the outermost first. */
export const issueReading = (
  input: Input,
  error: unknown,
  plan: Plan,
  stops: ReadonlyArray<Stop> = takeStops(input),
): Issue => issueOf(input, error, plan, stops, input.base + input.pos)

/** The issue of an error thrown while a plan wrote a value. */
export const issueWriting = (output: Output, error: unknown, plan: Plan): Issue =>
  issueOf(output, asFault(output, error), plan, takeStops(output), output.pos - output.start)

const issueOf = (
  at: Input | Output,
  error: unknown,
  plan: Plan,
  stops: ReadonlyArray<Stop>,
  offset: number,
): Issue => {
  if (overflowed(at, error)) {
    return tooDeep(plan, at.depth, offset)
  }
  if (error !== faultMarker) {
    throw error
  }
  return at.fault.issue(placeOf(stops, plan))
}

/**
 * Whether recursion within the depth limit has used up the stack: how much each level takes depends on the grammar.
 */
const overflowed = ({ depth }: Input | Output, error: unknown): boolean =>
  depth > 0 && error instanceof RangeError && error.message.includes('call stack')

const tooDeep = ({ name }: Plan, depth: number, offset: number): Issue => ({
  _tag: 'LimitExceeded',
  offset,
  path: [],
  expected: words.stackDepth,
  actual: words.tooDeep(depth),
  grammar: name,
  limit: 'depth',
  maximum: depth - 1,
})
