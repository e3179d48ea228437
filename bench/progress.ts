/** Shows the progress of a benchmark on a terminal; elsewhere nothing. */
export class Progress {
  readonly #what: string
  readonly #steps: number
  #done = 0

  constructor(what: string, steps: number) {
    this.#what = what
    this.#steps = steps
    this.#show()
  }

  step(): void {
    this.#done++
    this.#show()
  }

  end(): void {
    if (process.stderr.isTTY === true) {
      process.stderr.write('\r\x1b[K')
    }
  }

  #show(): void {
    if (process.stderr.isTTY === true) {
      const shown =
        this.#done > this.#steps ? `memory ${this.#done - this.#steps}` : `${this.#done} of ${this.#steps}`
      process.stderr.write(`\r\x1b[K${this.#what}: ${shown}`)
    }
  }
}
