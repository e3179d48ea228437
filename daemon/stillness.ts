const longestTimer = 2 ** 31 - 1

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
    const ring = (): void => {
      this.#timers.delete(timer)
      act()
    }
    // It is the stream that keeps the process alive, not the clock.
    const timer = setTimeout(ring, Math.min(milliseconds, longestTimer)).unref()
    this.#timers.add(timer)
    return () => {
      clearTimeout(timer)
      this.#timers.delete(timer)
    }
  }
}
