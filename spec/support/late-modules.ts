/**
 * Ends when all that a daemon's two sides load late is loaded, and when what they have asked to be loaded is: a spec that
 * counts turns of the event loop would take loading for silence.
 */
const lateModules = (): Promise<unknown> =>
  Promise.all([
    import('../../daemon/client-over.js'),
    import('../../daemon/pool/open-pool.js'),
    import('../../daemon/served-store/adding.js'),
    import('../../daemon/served-store/exports.js'),
    import('../../daemon/serving.js'),
    import('../../stream/measured-nar.js'),
    import('../../stream/nar/stream.js'),
  ])

/** How many turns of the event loop may pass between two looks at what is being loaded. */
const turns = 50

/** Ends when this process has done all that it can do by itself, after so many turns of the event loop. */
export const stillness = async (rounds: number, signal: AbortSignal): Promise<void> => {
  for (let i = 0; i < rounds && !signal.aborted; i++) {
    if (i % turns === 0) {
      await lateModules()
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}
