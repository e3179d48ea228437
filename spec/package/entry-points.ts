import { readFileSync } from 'node:fs'
import { projectPath } from '../support/shared.js'

/** The entry points of package.json that hold code: `combinators`, say; that of the package itself is ''. */
export const entryPoints = (): ReadonlyArray<string> => {
  const { exports } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, unknown>>
  }
  return Object.keys(exports)
    .filter((name) => name !== './package.json')
    .map((name) => name.replace(/^\.\/?/, ''))
}

/** What a user writes: `nix-wire/combinators`. */
export const specifierOf = (entry: string): string => (entry === '' ? 'nix-wire' : `nix-wire/${entry}`)

/** The built declarations of an entry point. */
export const declarationsOf = (entry: string): string => projectPath('dist', entry, 'index.d.ts')
