import { number } from '../combinators/options.js'

const longestTimer = 2 ** 31 - 1

/**
 * A limit of time as it is given: 0 is none at all.
 *
 * @throws RangeError for what is no time.
 */
export const timeLimit = (given: number | undefined, otherwise: number, name: string): number => {
  const milliseconds = given ?? otherwise
  if (!(milliseconds >= 0)) {
    throw new RangeError(`${name} must be a number of milliseconds, or 0 for no limit, not ${milliseconds}`)
  }
  return milliseconds === 0 ? Number.POSITIVE_INFINITY : milliseconds
}

/** How an option is checked that is a time. */
export const time = (what: string, value: unknown): void => {
  number(what, value)
  timeLimit(value as number, 0, what)
}

/** Calls once, after so many milliseconds; what it returns stops that. No time is too long. */
export const after = (milliseconds: number, act: () => void): (() => void) => {
  if (milliseconds === Number.POSITIVE_INFINITY) {
    return () => undefined
  }
  const timer = timerOf(milliseconds, act)
  return () => clearTimeout(timer)
}

// It is the stream that keeps the process alive, not the clock.
const timerOf = (milliseconds: number, act: () => void): NodeJS.Timeout =>
  setTimeout(act, Math.min(milliseconds, longestTimer)).unref()

/** Notices that nothing has moved for some time. */
export class Stillness {
  readonly #timers = new Set<NodeJS.Timeout>()

  moved(): void {
    for (const timer of this.#timers) {
      timer.refresh()
    }
  }

  /** Calls once, when nothing has moved for so many milliseconds from now on. What it returns ends the watch. */
  watch(milliseconds: number, act: () => void): () => void {
    if (milliseconds === Number.POSITIVE_INFINITY) {
      return () => undefined
    }
    const timer = timerOf(milliseconds, () => {
      this.#timers.delete(timer)
      act()
    })
    this.#timers.add(timer)
    return () => {
      clearTimeout(timer)
      this.#timers.delete(timer)
    }
  }

  /** The same, but only if the other side is waited for then; else it is this side that does not go on. */
  watchWhile(isAwaited: () => boolean, milliseconds: number, act: () => void): () => void {
    let stop: () => void = () => undefined
    const start = (): void => {
      stop = this.watch(milliseconds, () => (isAwaited() ? act() : start()))
    }
    start()
    return () => stop()
  }
}
