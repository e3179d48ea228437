const longestTimer = 2 ** 31 - 1

/** Notices that nothing has moved for some time. */
export class Stillness {
  #movedAt = performance.now()

  moved(): void {
    this.#movedAt = performance.now()
  }

  /** Calls once, when nothing has moved for so many milliseconds from now on. What it returns ends the watch. */
  watch(milliseconds: number, act: () => void): () => void {
    const start = performance.now()
    let timer: NodeJS.Timeout
    const wait = (rest: number): void => {
      // It is the stream that keeps the process alive, not the clock.
      timer = setTimeout(look, Math.min(rest, longestTimer)).unref()
    }
    const look = (): void => {
      const rest = milliseconds - (performance.now() - Math.max(start, this.#movedAt))
      if (rest > 0) {
        wait(rest)
      } else {
        act()
      }
    }
    wait(milliseconds)
    return () => clearTimeout(timer)
  }
}
