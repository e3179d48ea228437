import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { projectPath } from '../support/shared.js'
import { expectFreshBuild } from './build.js'

export interface Tarball {
  readonly file: string
  /** In bytes, packed and unpacked. */
  readonly size: number
  readonly unpackedSize: number
  readonly paths: ReadonlyArray<string>
}

/** The package, as `npm publish` would send it, in a folder of one's own. */
export const pack = (folder: string): Tarball => {
  expectFreshBuild()
  // Its script would rebuild `dist` while others read it.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const said = execFileSync('npm', args, { cwd: projectPath(), stdio: ['ignore', 'pipe', 'pipe'] })
  const [packed] = JSON.parse(said.toString()) as ReadonlyArray<{
    readonly filename: string
    readonly size: number
    readonly unpackedSize: number
    readonly files: ReadonlyArray<{ readonly path: string }>
  }>
  const { filename, size, unpackedSize, files } = packed!
  return { file: join(folder, filename), size, unpackedSize, paths: files.map(({ path }) => path) }
}
