/** What npm calls before it publishes: who gets the package must find its sources, and where to report what is wrong. */
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

/** What keeps a package from being published; nothing if it can be. */
export const problemsOf = ({
  repository,
  bugs,
  homepage,
  publishConfig,
}: Published): ReadonlyArray<string> => {
  const [, place] = /^(?:git\+)?(https:\/\/[^\s/]+\/[^\s]+?)(?:\.git)?$/.exec(urlOf(repository)) ?? []
  const isThere = (url: string): boolean => place !== undefined && url.startsWith(place)
  return [
    ...(place === undefined ? ['repository: no https address of the sources'] : []),
    ...(isThere(urlOf(bugs)) ? [] : ['bugs: no address below that of the repository']),
    ...(/^https:/.test(homepage ?? '') ? [] : ['homepage: no https address']),
    ...(publishConfig?.provenance === true ? [] : ['publishConfig: no provenance']),
  ]
}

const [, script = ''] = process.argv
if (import.meta.url === pathToFileURL(script).href) {
  const problems = problemsOf(packageJson())
  if (problems.length > 0) {
    console.error(
      ['package.json is not ready to be published:', ...problems.map((each) => `  ${each}`)].join('\n'),
    )
    process.exitCode = 1
  }
}
