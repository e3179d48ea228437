/** The signals that ask the command to end: Ctrl-C, a supervisor, a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Calls `react` once for each signal that asks the command to end, instead of ending at once; the result stops that.
 */
export const onEndSignal = (react: (signal: NodeJS.Signals) => void): (() => void) => {
  for (const signal of signals) {
    process.once(signal, react)
  }
  return () => {
    for (const signal of signals) {
      process.off(signal, react)
    }
  }
}

/**
 * Serves until `ended`, which resolves at a signal that asks the command to end; signals are watched only until then.
 */
export const untilSignal = async (serve: (ended: Promise<void>) => Promise<void>): Promise<void> => {
  let unwatch = () => {}
  const ended = new Promise<void>((resolve) => {
    unwatch = onEndSignal(() => resolve())
  })
  await serve(ended).finally(unwatch)
}
