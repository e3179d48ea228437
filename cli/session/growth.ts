/** How often a file that grows is looked into. */
export const lookEvery = 250

/** Waits for a file that another program writes to. */
export class Growth {
  /** Whether somebody has asked the command to end. */
  isOver = false
  readonly #ended: Promise<void>

  constructor(ended: Promise<void>) {
    this.#ended = ended.then(() => {
      this.isOver = true
    })
  }

  /** A moment, or until the command is to end. */
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
