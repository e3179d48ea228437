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

/** Done when somebody asks the command to end. */
export const signalled = (): Promise<void> => new Promise((resolve) => onEndSignal(() => resolve()))
