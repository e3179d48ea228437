/**
 * Resolves when the modules that the two sides of a daemon connection load late have been loaded, and their imports
 * too: a spec that counts turns of the event loop would take loading for silence.
 */
export const lateModules = (): Promise<unknown> =>
  Promise.all([
    import('../../daemon/client-over.js'),
    import('../../daemon/pool/open-pool.js'),
    import('../../daemon/served-store/adding.js'),
    import('../../daemon/served-store/exports.js'),
    import('../../daemon/serving.js'),
    import('../../stream/measured-nar.js'),
    import('../../stream/nar/stream.js'),
  ])

/** The number of turns of the event loop between two checks for loading. */
const turns = 50

/** Resolves when this process has done all it can do by itself, after that many turns of the event loop. */
export const stillness = async (rounds: number, signal: AbortSignal): Promise<void> => {
  for (let i = 0; i < rounds && !signal.aborted; i++) {
    if (i % turns === 0) {
      await lateModules()
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}
