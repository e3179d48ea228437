import type { Pending } from './recorded-session.js'

/** How long it is when it is told first, in milliseconds. */
const toldAfter = 10_000

/** A time in which nothing comes: it is told after ten seconds, and whenever it is twice as long as at the last time. */
export class Silence {
  readonly since: number
  #next = toldAfter

  constructor(since: number) {
    this.since = since
  }

  /** When it is told next. */
  get dueAt(): number {
    return this.since + this.#next
  }

  /** Whether it is to be told now. */
  isDue(at: number): boolean {
    const isDue = at >= this.dueAt
    while (at >= this.dueAt) {
      this.#next *= 2
    }
    return isDue
  }
}

/** Whether something is going on, and waited for, so that its silence is shown before others. */
export const isBusy = ({ during, greeted, waiting }: Pending): boolean =>
  waiting.sides.length > 0 && (during !== null || !greeted)
