import { after } from '../../bytes/after.js'
import { number } from '../../combinators/options.js'

/**
 * A time limit as given: 0 means none.
 *
 * @throws RangeError for an invalid time.
 */
export const timeOf = (name: string, given: number): number => {
  if (!(given >= 0)) {
    throw new RangeError(`${name} must be a number of milliseconds, or 0 for no limit, not ${given}`)
  }
  return given === 0 ? Number.POSITIVE_INFINITY : given
}

/** The check of an option with a time. */
export const time = (what: string, value: unknown): void => {
  number(what, value)
  timeOf(what, value as number)
}

/** Something that is given up after too long without progress. */
interface Watch {
  readonly milliseconds: number
  readonly isAwaited: () => boolean
  readonly act: () => void
  /** When it began, or was last postponed. */
  since: number
}

/**
 * Notices that there was no progress for some time. One timer serves all watches, and progress costs them nothing.
 */
export class Stillness {
  readonly #watches = new Set<Watch>()
  #movedAt = 0
  #stopTimer: (() => void) | null = null
  /** When the timer fires. */
  #callsAt = Number.POSITIVE_INFINITY

  moved(): void {
    if (this.#watches.size > 0) {
      this.#movedAt = performance.now()
    }
  }

  /**
   * Calls once, after that many milliseconds without progress from now on, if `isAwaited` says that the other side is
   * the one to go on. The result ends the watch.
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
      this.#stopTimer = after(Math.max(1, Math.ceil(due - performance.now())), () => this.#look())
    }
  }

  #stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = null
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
