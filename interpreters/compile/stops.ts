import type { Issue } from '../../combinators/issue.js'
import * as words from '../../combinators/words.js'
import { type FaultTag, faultMarker, isMistake, recordThrown, refuse } from './fault.js'
import type { Input } from './input.js'
import type { Output } from './output.js'
import type { Plan } from './plan.js'

/**
 * Where a reader or writer stopped. Each one that an exception passes through leaves one, the innermost first: their
 * steps are the path of an issue, and what they keep is what a reading goes on from when more bytes have come.
 */
export interface Stop {
  readonly plan: Plan
  /** The part that was being read or written; null where it was the plan by itself. */
  readonly child: Plan | null
  readonly steps: Steps
  readonly kept: unknown
}

export type Steps = ReadonlyArray<string | number>

const leave = ({ stops }: Input | Output, stop: Stop): void => {
  stops.push(stop)
}

/** Takes the stops that were left, the outermost first, and puts them behind those that stand already. */
export const takeStops = ({ stops }: Input | Output, standing: Array<Stop> = []): Array<Stop> => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    standing.push(stop as Stop)
  }
  return standing
}

/** Leaves a stop in what is read. Returns what to throw on. */
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

/** Refuses what a part has read: it is the plan around it that refuses. */
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

/** Leaves a stop in what is written. Returns what to throw on: a fault, where the value threw something. */
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

/** What a value threw when it was looked at, as a fault; mistakes and a stack that is full stay what they are. */
const asFault = (output: Output, error: unknown): unknown => {
  if (error !== faultMarker && !output.trusted && !isMistake(error) && !overflowed(output, error)) {
    recordThrown(output, output.pos - output.start, error)
    return faultMarker
  }
  return error
}

/** Where stops lead, and the name of the grammar that stopped: the innermost part. The outermost is the first. */
export const placeOf = (stops: ReadonlyArray<Stop>, whole: Plan): Pick<Issue, 'path' | 'grammar'> => {
  const innermost = stops.at(-1)
  return {
    path: stops.flatMap(({ steps }) => steps),
    grammar: (innermost?.child ?? innermost?.plan ?? whole).name,
  }
}

/** The issue of what was thrown while bytes were read as a plan; `stops` are all there are, the outermost first. */
export const issueReading = (
  input: Input,
  error: unknown,
  plan: Plan,
  stops: ReadonlyArray<Stop> = takeStops(input),
): Issue => issueOf(input, error, plan, stops, input.base + input.pos)

/** The issue of what was thrown while a value of a plan was written. */
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

/** Whether recursion within the depth limit took all of the stack: how much each level takes is up to the grammar. */
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
