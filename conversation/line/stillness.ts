import { number } from '../../combinators/options.js'

const longest = 2 ** 31 - 1

type Timer = ReturnType<typeof setTimeout>

/** Timers of Node hold a process. */
interface NodeTimer {
  unref?(): void
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

/** What is given up if nothing moves for too long. */
interface Watch {
  readonly milliseconds: number
  readonly isAwaited: () => boolean
  readonly act: () => void
  /** When it began, or was put off last. */
  since: number
}

/** Notices that nothing has moved for some time. One timer is enough for all who watch, and to move costs them nothing. */
export class Stillness {
  readonly #watches = new Set<Watch>()
  #movedAt = 0
  #timer: Timer | null = null
  /** When the timer calls. */
  #callsAt = Number.POSITIVE_INFINITY

  moved(): void {
    if (this.#watches.size > 0) {
      this.#movedAt = performance.now()
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
    const watch = { milliseconds, isAwaited, act, since: performance.now() }
    this.#watches.add(watch)
    this.#callAt(watch.since + milliseconds)
    return () => this.#remove(watch)
  }

  #remove(watch: Watch): void {
    this.#watches.delete(watch)
    if (this.#watches.size === 0) {
      this.#stop()
    }
  }

  #dueOf({ milliseconds, since }: Watch): number {
    return Math.max(since, this.#movedAt) + milliseconds
  }

  #callAt(due: number): void {
    if (due < this.#callsAt) {
      this.#stop()
      this.#callsAt = due
      this.#timer = timerOf(Math.max(1, Math.ceil(due - performance.now())), () => this.#look())
    }
  }

  #stop(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
    }
    this.#timer = null
    this.#callsAt = Number.POSITIVE_INFINITY
  }

  #look(): void {
    this.#stop()
    const now = performance.now()
    for (const watch of [...this.#watches]) {
      if (this.#watches.has(watch) && this.#dueOf(watch) <= now) {
        if (watch.isAwaited()) {
          this.#watches.delete(watch)
          watch.act()
        } else {
          watch.since = now
        }
      }
    }
    let next = Number.POSITIVE_INFINITY
    for (const watch of this.#watches) {
      next = Math.min(next, this.#dueOf(watch))
    }
    this.#callAt(next)
  }
}
