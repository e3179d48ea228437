import type { Issue } from '../../combinators/issue.js'
import { type Fault, faultMarker, isMistake, recordThrown } from './fault.js'
import type { Output } from './output.js'
import type { Plan } from './plan.js'
import { copyOf, overflowed, tooDeep } from './reporting.js'
import { retrace } from './retrace.js'
import { Trail } from './walk.js'

/**
 * The issue of a value that the fast writer did not write, with the path that the slow one finds. `start` makes the output
 * ready, each time anew.
 */
export const explainWriting = (
  plan: Plan,
  output: Output,
  value: unknown,
  error: unknown,
  start: () => void,
): Issue =>
  overflowed(output, error)
    ? tooDeep(plan, output, output.pos - output.start)
    : explain(plan, output, value, seenBy(output, error), start)

/** What the fast writer recorded, or what a value threw in its way. */
const seenBy = (output: Output, error: unknown): Fault => {
  if (isMistake(error)) {
    throw error
  }
  if (error !== faultMarker) {
    recordThrown(output, output.pos - output.start, error)
  }
  return copyOf(output.fault)
}

const explain = (plan: Plan, output: Output, value: unknown, seen: Fault, start: () => void): Issue => {
  const trail = new Trail(plan.name)
  const found = again(plan, output, value, trail, start)
  if (found === 'too deep') {
    return seen.issue([], plan.name)
  }
  if (found && (seen.early || (output.fault.tag === seen.tag && output.fault.offset === seen.offset))) {
    return output.fault.issue(trail.steps, trail.grammar)
  }
  // A value that is another one each time it is looked at. What lies where it was refused is the best there is.
  const nearest = new Trail(plan.name)
  nearest.sought = seen.offset
  again(plan, output, value, nearest, start)
  return seen.issue(nearest.nearest, nearest.nearestGrammar)
}

/** Whether the slow writer refuses. */
const again = (
  plan: Plan,
  output: Output,
  value: unknown,
  trail: Trail,
  start: () => void,
): boolean | 'too deep' => {
  try {
    start()
    retrace(plan, output, value, trail)
    return false
  } catch (error) {
    if (isMistake(error)) {
      throw error
    }
    // The second pass takes more of the stack than the first.
    return overflowed(output, error) ? 'too deep' : error === faultMarker
  }
}
