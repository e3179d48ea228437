/** One after another, in the order they came. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Waits for its turn; what it resolves to ends the turn. Null where the signal came before the turn. */
  async take(signal: AbortSignal | undefined): Promise<(() => void) | null> {
    let end: () => void = () => undefined
    const before = this.#last
    const over = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#last = before.then(() => over)
    if (await comesFirst(signal, before)) {
      end()
      return null
    }
    return end
  }
}

/** Whether the signal comes before the promise is settled. */
const comesFirst = async (signal: AbortSignal | undefined, promise: Promise<void>): Promise<boolean> => {
  if (signal === undefined) {
    await promise
    return false
  }
  if (signal.aborted) {
    return true
  }
  let abort: () => void = () => undefined
  const aborted = new Promise<boolean>((resolve) => {
    abort = () => resolve(true)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([aborted, promise.then(() => signal.aborted)])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
