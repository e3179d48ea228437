import { onEndSignal } from './signalled.js'

const removals = new Set<() => void>()
let unwatch: (() => void) | null = null

const removeAll = (): void => {
  for (const remove of removals) {
    removals.delete(remove)
    try {
      remove()
    } catch {
      // The other files still have to be removed, and the command already ends for another reason.
    }
  }
}

const removeAndEnd = (signal: NodeJS.Signals): void => {
  removeAll()
  unwatch?.()
  // End by the same signal, so that a shell sees it.
  process.kill(process.pid, signal)
}

/**
 * Calls `remove`, once, if the command ends early: at a signal, or because something ends the process. The result
 * cancels that; calling it again does nothing.
 */
export const removedAtEnd = (remove: () => void): (() => void) => {
  if (removals.size === 0) {
    process.on('exit', removeAll)
    unwatch = onEndSignal(removeAndEnd)
  }
  removals.add(remove)
  return () => {
    if (removals.delete(remove) && removals.size === 0) {
      process.off('exit', removeAll)
      unwatch?.()
    }
  }
}
