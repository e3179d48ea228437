import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { isPageFresh } from '../package/build.js'
import { projectPath } from './shared.js'

const builtNow = async (): Promise<string> => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-page-'))
  process.once('exit', () => rmSync(dir, { recursive: true }))
  await build({
    configFile: projectPath('inspect/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: dir, emptyOutDir: true },
  })
  return join(dir, 'index.html')
}

let page: Promise<string> | undefined

/** The file of the page: the one in `dist` if it is up to date with its sources, else one built for this process. */
export const builtPage = (): Promise<string> => {
  page ??= isPageFresh() ? Promise.resolve(projectPath('dist/inspect/index.html')) : builtNow()
  return page
}
