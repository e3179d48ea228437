import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Files of --module that were loaded: what a stack of an error is compared with. */
const files = new Set<string>()

export const noteLoaded = (file: string): void => void files.add(file)

/** The folder of the command's own code, which may lie in that of a module. */
const ownFolder = fileURLToPath(new URL('..', import.meta.url))

const isIn = (line: string, folder: string): boolean => {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`
  return (
    line.includes(pathToFileURL(prefix).href) || line.includes(`(${prefix}`) || line.includes(`at ${prefix}`)
  )
}

/** The module whose code an error passed through, or null: what a `refine` or an `imap` throws is not ours. */
export const moduleOfError = (error: unknown): string | null => {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  const theirs = lines.filter((line) => !line.includes('/node_modules/') && !isIn(line, ownFolder))
  for (const file of files) {
    const folder = dirname(resolve(file))
    if (theirs.some((line) => isIn(line, folder))) {
      return file
    }
  }
  return null
}
