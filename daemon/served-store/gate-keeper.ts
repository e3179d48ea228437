/**
 * Many tasks may run at a time, or one alone: paths are added at the same time, and garbage is collected alone.
 */
export class GateKeeper {
  #working = new Set<Promise<void>>()
  /** The task that runs alone, or waits to. */
  #alone: Promise<void> = Promise.resolve()

  /** Runs together with others, when no task runs alone or waits to. */
  async beside<A>(work: () => A | Promise<A>): Promise<A> {
    for (let before: Promise<void> | null = null; before !== this.#alone; ) {
      before = this.#alone
      await before
    }
    return this.#count(work)
  }

  /** Runs alone, after the earlier ones have ended; others wait. */
  async alone<A>(work: () => A | Promise<A>): Promise<A> {
    const before = this.#alone
    let release: () => void = () => undefined
    this.#alone = new Promise((resolve) => {
      release = resolve
    })
    try {
      await before
      await Promise.all(this.#working)
      return await work()
    } finally {
      release()
    }
  }

  async #count<A>(work: () => A | Promise<A>): Promise<A> {
    let done: () => void = () => undefined
    const working = new Promise<void>((resolve) => {
      done = resolve
    })
    this.#working.add(working)
    try {
      return await work()
    } finally {
      this.#working.delete(working)
      done()
    }
  }
}
