import type { AtOnceNode, FlowNode } from '../node.js'
import type { Exit, Halt, Run, Scope } from './scope.js'
import { speaks } from './speaks.js'
import { Bell, joinedBreak, orBreak, type Talk, Task } from './talk.js'

/**
 * The parts proceed independently. All of them are followed to their end, even if one breaks or leaves a loop around:
 * the other side has still sent its messages.
 */
export function* hearAtOnce({ parts }: AtOnceNode, scope: Scope, run: Run): Talk<Exit> {
  const late: Array<() => void> = []
  const halt: Halt = { isSet: false, bell: new Bell(), around: scope.halt }
  const tasks = inOrder(parts, scope).map(
    (part) => new Task(run(part, { ...scope, late, halt, rest: scope.rest || !speaks(part, scope) })),
  )
  for (;;) {
    for (const task of tasks) {
      yield* task.steps()
      const { ending } = task
      if (!halt.isSet && ending !== null && (ending._tag === 'Broken' || ending.value !== null)) {
        halt.isSet = true
        halt.bell.ring()
      }
    }
    const going = tasks.filter(({ ending }) => ending === null)
    if (going.length === 0) {
      break
    }
    yield going.flatMap(({ waits }) => waits)
  }
  const endings = tasks.flatMap(({ ending }) => (ending === null ? [] : [ending]))
  const breaks = endings.flatMap((each) => (each._tag === 'Broken' ? [each.by] : []))
  if (breaks.length > 0) {
    throw joinedBreak(breaks)
  }
  const left = endings.map(orBreak).find((exit) => exit !== null)
  if (left === undefined) {
    for (const tell of late) {
      tell()
    }
  }
  return left ?? null
}

/** The parts that are only received come first: a sending part has to know that they have begun. */
const inOrder = (parts: ReadonlyArray<FlowNode>, scope: Scope): ReadonlyArray<FlowNode> =>
  scope.voices.client === null && scope.voices.server === null
    ? parts
    : [...parts].sort((a, b) => Number(speaks(a, scope)) - Number(speaks(b, scope)))
