/** Somebody asks the command to end: Ctrl-C, a supervisor, a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Calls `react` once at each signal that asks the command to end, in place of ending at once; what is returned stops that. */
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

/** Serves until `ended`, which is when somebody asks the command to end; signals are watched no longer than that. */
export const untilSignal = async (serve: (ended: Promise<void>) => Promise<void>): Promise<void> => {
  let unwatch = () => {}
  const ended = new Promise<void>((resolve) => {
    unwatch = onEndSignal(() => resolve())
  })
  await serve(ended).finally(unwatch)
}
