/** What npm calls before it publishes: who gets the package must find its sources, and where to report what is wrong. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { projectPath } from '../support/shared.js'

/** As much of package.json as is looked at. */
export interface Published {
  readonly repository?: string | { readonly url?: string }
  readonly bugs?: string | { readonly url?: string }
  readonly homepage?: string
  readonly publishConfig?: { readonly provenance?: boolean }
}

export const packageJson = (): Published =>
  JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as Published

const urlOf = (field: string | { readonly url?: string } | undefined): string =>
  (typeof field === 'string' ? field : field?.url) ?? ''

/** Where a repository is, however its address is written. */
const placeOf = (url: string): string | undefined =>
  /^(?:git\+)?(https:\/\/[^\s/]+\/[^\s]+?)(?:\.git)?$/.exec(url.replace(/^git@([^:/]+):/, 'https://$1/'))?.[1]

/** What keeps a package from being published; nothing if it can be. `origin` is where its sources were fetched from. */
export const problemsOf = (
  { repository, bugs, homepage, publishConfig }: Published,
  origin: string,
): ReadonlyArray<string> => {
  const place = placeOf(urlOf(repository))
  const isThere = (url: string): boolean => place !== undefined && url.startsWith(place)
  return [
    ...(place === undefined ? ['repository: no https address of the sources'] : []),
    ...(place === placeOf(origin)
      ? []
      : [`repository: not where these sources are from (${origin || 'nowhere'})`]),
    ...(isThere(urlOf(bugs)) ? [] : ['bugs: no address below that of the repository']),
    ...(/^https:/.test(homepage ?? '') ? [] : ['homepage: no https address']),
    ...(publishConfig?.provenance === true ? [] : ['publishConfig: no provenance']),
  ]
}

const originOf = (): string =>
  spawnSync('git', ['remote', 'get-url', 'origin'], {
    cwd: projectPath(),
    encoding: 'utf8',
  }).stdout?.trim() ?? ''

const [, script = ''] = process.argv
if (import.meta.url === pathToFileURL(script).href) {
  const problems = problemsOf(packageJson(), originOf())
  if (problems.length > 0) {
    console.error(
      ['package.json is not ready to be published:', ...problems.map((each) => `  ${each}`)].join('\n'),
    )
    process.exitCode = 1
  }
}
