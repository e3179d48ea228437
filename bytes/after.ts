/** The longest time that a timer allows. */
const longest = 2 ** 31 - 1

/** Timers of Node keep a process alive. */
interface NodeTimer {
  unref?(): void
}

/** Node, Deno and Bun have it, browsers do not. */
interface Turns {
  readonly setImmediate?: (act: () => void) => unknown
}

const { setImmediate: turn } = globalThis as Turns

/**
 * Calls once, after that many milliseconds, or never for Infinity; the result cancels that. What arrived while the
 * program was busy with something else is read first. The timer keeps no process alive.
 */
export const after = (milliseconds: number, act: () => void): (() => void) => {
  if (milliseconds === Number.POSITIVE_INFINITY) {
    return () => undefined
  }
  let isCancelled = false
  const ring = (): void => {
    if (!isCancelled) {
      act()
    }
  }
  // An event loop that was busy calls its timers before it reads.
  const timer = setTimeout(() => (turn === undefined ? ring() : turn(ring)), Math.min(milliseconds, longest))
  ;(timer as NodeTimer).unref?.()
  return () => {
    isCancelled = true
    clearTimeout(timer)
  }
}
