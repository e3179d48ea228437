import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const entry = fileURLToPath(new URL('./live/main.ts', import.meta.url))

/** The script of the landing page: a classic one, which browsers also run from a file. */
export const liveScript = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: { entry, formats: ['iife'], name: 'live', fileName: 'live' },
    },
  })
  const [result] = Array.isArray(built) ? built : [built]
  if (result === undefined || !('output' in result)) {
    throw new Error('vite has built nothing')
  }
  return result.output[0].code
}
