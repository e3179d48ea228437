/** The clock of a run. */
export interface Clock {
  /** Milliseconds since a fixed moment. */
  readonly now: () => number
  /** Calls back after that many milliseconds, unless the returned function is called first. */
  readonly after: (milliseconds: number, call: () => void) => () => void
}

/** The longest time that a timer allows. */
const longest = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    if (milliseconds > longest) {
      return () => {}
    }
    const timer = setTimeout(call, Math.max(0, milliseconds))
    return () => clearTimeout(timer)
  },
}
