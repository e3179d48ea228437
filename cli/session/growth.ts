/** The interval between two looks at a growing file. */
export const lookEvery = 250

/** Waits for a file that another program writes to. */
export class Growth {
  /** Whether the command was asked to end. */
  isOver = false
  readonly #ended: Promise<void>

  constructor(ended: Promise<void>) {
    this.#ended = ended.then(() => {
      this.isOver = true
    })
  }

  /** Waits for a moment, or until the command is to end. */
  async wait(): Promise<void> {
    let stop = () => {}
    const moment = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lookEvery)
      stop = () => clearTimeout(timer)
    })
    await Promise.race([moment, this.#ended])
    stop()
  }
}
