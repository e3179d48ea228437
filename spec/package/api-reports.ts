/** The public surface as texts under `api/`, so that a change of it shows in review. `npm run api` writes them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { projectPath } from '../support/shared.js'
import { declarationsOf, entryPoints } from './entry-points.js'
import { unnamedReport } from './unnamed-api.js'

const silent = { logLevel: ExtractorLogLevel.None }

const configOf = (entry: string, name: string, folder: string): ExtractorConfig =>
  ExtractorConfig.prepare({
    configObject: {
      projectFolder: projectPath(),
      mainEntryPointFilePath: declarationsOf(entry),
      compiler: {
        overrideTsconfig: {
          extends: projectPath('tsconfig.json'),
          compilerOptions: { types: ['node'] },
          include: [],
          files: [declarationsOf(entry)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: folder,
        reportTempFolder: join(folder, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // Types that no entry point names have a report of their own; docstrings are checked elsewhere.
        extractorMessageReporting: { default: silent },
        tsdocMessageReporting: { default: silent },
      },
      newlineKind: 'lf',
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: projectPath('package.json'),
  })

const reportOf = (entry: string, folder: string): readonly [file: string, text: string] => {
  const name = entry === '' ? 'index' : entry
  const said: string[] = []
  const { succeeded } = Extractor.invoke(configOf(entry, name, folder), {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true
      if (message.logLevel === ExtractorLogLevel.Error) {
        said.push(message.formatMessageWithLocation(projectPath()))
      }
    },
  })
  if (!succeeded) {
    throw new Error(`no report of ${name}: ${said.join('\n')}`)
  }
  const file = `${name}.api.md`
  return [file, readFileSync(join(folder, file), 'utf8')]
}

/** Every report by its file's name, made from `dist`. */
export const apiReports = (): ReadonlyMap<string, string> => {
  const folder = mkdtempSync(join(tmpdir(), 'nix-wire-api-'))
  try {
    const entries = entryPoints()
    return new Map([
      ...entries.map((entry) => reportOf(entry, folder)),
      ['unnamed.api.md', unnamedReport(entries.map(declarationsOf))] as const,
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
