import { number } from '../../combinators/options.js'

const longest = 2 ** 31 - 1

type Timer = ReturnType<typeof setTimeout>

/** Timers of Node hold a process, and can begin anew. */
interface NodeTimer {
  unref?(): void
  refresh?(): void
}

/**
 * A limit of time as it is given: 0 is none at all.
 *
 * @throws RangeError for what is no time.
 */
export const timeOf = (name: string, given: number): number => {
  if (!(given >= 0)) {
    throw new RangeError(`${name} must be a number of milliseconds, or 0 for no limit, not ${given}`)
  }
  return given === 0 ? Number.POSITIVE_INFINITY : given
}

/** How an option is checked that is a time. */
export const time = (what: string, value: unknown): void => {
  number(what, value)
  timeOf(what, value as number)
}

const timerOf = (milliseconds: number, act: () => void): Timer => {
  const timer = setTimeout(act, Math.min(milliseconds, longest))
  const { unref } = timer as NodeTimer
  // It is the connection that keeps a process alive, not the clock.
  unref?.call(timer)
  return timer
}

/** Calls once, after so many milliseconds; what it returns stops that. */
export const after = (milliseconds: number, act: () => void): (() => void) => {
  if (milliseconds === Number.POSITIVE_INFINITY) {
    return () => undefined
  }
  const timer = timerOf(milliseconds, act)
  return () => clearTimeout(timer)
}

/** Notices that nothing has moved for some time. */
export class Stillness {
  readonly #watches = new Set<Watch>()

  moved(): void {
    for (const watch of this.#watches) {
      watch.restart()
    }
  }

  /**
   * Calls once, when nothing has moved for so many milliseconds from now on and `isAwaited` says that it is the other side
   * that does not go on. What it returns ends the watch.
   */
  watch(milliseconds: number, isAwaited: () => boolean, act: () => void): () => void {
    if (milliseconds === Number.POSITIVE_INFINITY) {
      return () => undefined
    }
    const watch = new Watch(milliseconds, () => {
      if (isAwaited()) {
        this.#watches.delete(watch)
        act()
      } else {
        watch.start()
      }
    })
    this.#watches.add(watch)
    return () => {
      watch.stop()
      this.#watches.delete(watch)
    }
  }
}

class Watch {
  readonly #milliseconds: number
  readonly #act: () => void
  #timer: Timer

  constructor(milliseconds: number, act: () => void) {
    this.#milliseconds = milliseconds
    this.#act = act
    this.#timer = timerOf(milliseconds, act)
  }

  start(): void {
    this.#timer = timerOf(this.#milliseconds, this.#act)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  restart(): void {
    const { refresh } = this.#timer as NodeTimer
    if (refresh === undefined) {
      this.stop()
      this.start()
    } else {
      refresh.call(this.#timer)
    }
  }
}
