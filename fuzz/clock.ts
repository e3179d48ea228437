/** What a run knows of the time. */
export interface Clock {
  /** Milliseconds since some moment. */
  readonly now: () => number
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  readonly after: (milliseconds: number, call: () => void) => () => void
}

/** A longer time is none for a timer. */
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
