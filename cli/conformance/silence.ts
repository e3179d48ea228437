import { after } from '../../bytes/after.js'

/** Waits for that many seconds; an abort ends the wait. */
export const silence =
  (seconds: number) =>
  (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const stop = after(seconds * 1000, resolve)
      const end = (): void => {
        stop()
        resolve()
      }
      signal.addEventListener('abort', end, { once: true })
    })
