import { write } from './terminal.js'

// The approximate size of one write, if there is that much.
const full = 2 ** 16

/**
 * Lines for standard output, of which there may be many: those that are there go out together, at the latest when the
 * command waits for more.
 */
class Lines {
  #text = ''
  #isDue = false
  #written: Promise<void> = Promise.resolve()

  /** Gives a promise where output has to be waited for. */
  add(line: string): void | Promise<void> {
    this.#text += line
    if (this.#text.length >= full) {
      return this.flush()
    }
    if (!this.#isDue) {
      this.#isDue = true
      setImmediate(() => {
        this.#isDue = false
        void this.flush()
      })
    }
  }

  flush(): Promise<void> {
    const text = this.#text
    this.#text = ''
    if (text !== '') {
      this.#written = this.#written.then(() => write(text))
    }
    return this.#written
  }
}

/** Runs with a way to print lines; all are out when it is done, and where it fails. */
export const withLines = async (
  run: (print: (line: string) => void | Promise<void>) => Promise<void>,
): Promise<void> => {
  const lines = new Lines()
  try {
    await run((line) => lines.add(line))
  } finally {
    await lines.flush()
  }
}
