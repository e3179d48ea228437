import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { projectPath } from '../support/shared.js'

const timeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Where a source is in `dist`: the command is one file there, and chunks. */
const builtOf = (source: string): string =>
  source.startsWith('cli/') ? join('cli', 'main.js') : source.replace(/\.ts$/, '.js')

/** The sources of the library and the command. */
const sourceFiles = (): ReadonlyArray<string> => {
  const { config } = ts.readConfigFile(projectPath('tsconfig.build.json'), ts.sys.readFile)
  const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, projectPath())
  return fileNames.map((file) => file.slice(projectPath().length))
}

/** What is wrong with `dist`, as the sources are now; nothing where it is their build. */
export const staleness = (): string | undefined => {
  const sources = sourceFiles()
  const newer = sources.find((file) => timeOf(projectPath(file)) > timeOf(projectPath('dist', builtOf(file))))
  if (newer !== undefined) {
    return `${newer} is newer`
  }
  const built = readdirSync(projectPath('dist'), { recursive: true, encoding: 'utf8' })
  const left = built.find(
    (file) =>
      file.endsWith('.js') &&
      !file.startsWith('node/') &&
      !sources.some((source) => builtOf(source) === file),
  )
  return left === undefined ? undefined : `it has ${join('dist', left)}, whose source is gone`
}

/** @throws Error where `dist` is not the build of the sources. */
export const expectFreshBuild = (): void => {
  const stale = staleness()
  if (stale !== undefined) {
    throw new Error(`dist is not up to date (${stale}): npm run build`)
  }
}

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file))

/** Whether `dist/inspect` is the build of the page's sources: its own, the library's, its samples and packages. */
export const isPageFresh = (): boolean => {
  const built = timeOf(projectPath('dist/inspect/index.html'))
  const sources = [
    ...sourceFiles(),
    ...['inspect', 'examples/messages', 'examples/sessions'].flatMap(filesIn),
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ]
  return sources.every((file) => timeOf(projectPath(file)) <= built)
}
