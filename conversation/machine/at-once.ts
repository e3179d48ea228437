import type { AtOnceNode } from '../node.js'
import type { Exit, Run, Scope } from './scope.js'
import { joinedBreak, orBreak, type Talk, Task } from './talk.js'

/**
 * Each part at its own pace. All come to their end, also where one breaks or leaves a loop around: what the other side says
 * meanwhile is still said.
 */
export function* hearAtOnce({ parts }: AtOnceNode, scope: Scope, run: Run): Talk<Exit> {
  const late: Array<() => void> = []
  const tasks = parts.map((part) => new Task(run(part, { ...scope, late })))
  for (;;) {
    for (const task of tasks) {
      yield* task.steps()
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
