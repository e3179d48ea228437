import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { projectPath } from './shared.js'

/** The page, built from its sources into a temporary folder. */
export interface BuiltPage {
  /** An address in the file system. */
  readonly address: string
  readonly file: string
  remove(): void
}

export const buildPage = async (): Promise<BuiltPage> => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-page-'))
  await build({
    configFile: projectPath('inspect/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: dir, emptyOutDir: true },
  })
  const file = join(dir, 'index.html')
  return { address: pathToFileURL(file).href, file, remove: () => rmSync(dir, { recursive: true }) }
}
