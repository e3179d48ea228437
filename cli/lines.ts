import { write } from './terminal.js'

// The approximate size of one write, if there is that much.
const full = 2 ** 16

/**
 * Writes many lines to standard output. They are collected, and written at the latest when the command waits for
 * something.
 */
class Lines {
  #text = ''
  #isDue = false
  #written: Promise<void> = Promise.resolve()

  /** Returns a promise if the output has to be awaited. */
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

/** Calls `run` with a way to print lines; all are written when it ends, also after an error. */
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
