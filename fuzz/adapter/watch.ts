import { after } from '../../bytes/after.js'

/** Limits the time of the question that has waited longest, with one timer for many questions. */
export class Watch {
  readonly #patience: () => number
  readonly #late: () => void
  #oldest: number | null = null
  #since = 0
  #stopTimer: (() => void) | null = null

  /** `patience` is the time limit of an answer in seconds; `late` is called after it. */
  constructor(patience: () => number, late: () => void) {
    this.#patience = patience
    this.#late = late
  }

  /** Sets the number of the oldest question whenever it may have changed; null if there is none. */
  over(oldest: number | null): void {
    if (oldest === null) {
      this.stop()
    } else if (oldest !== this.#oldest) {
      this.#oldest = oldest
      this.#since = performance.now()
      this.#stopTimer ??= after(this.#patience() * 1000, () => this.#look())
    }
  }

  /** Stops watching. */
  stop(): void {
    this.#oldest = null
    this.#stopTimer?.()
    this.#stopTimer = null
  }

  #look(): void {
    this.#stopTimer = null
    const left = this.#patience() * 1000 - (performance.now() - this.#since)
    if (left > 1) {
      this.#stopTimer = after(left, () => this.#look())
    } else {
      this.#late()
    }
  }
}
