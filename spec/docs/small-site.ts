import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TypeDocOptions } from 'typedoc'
import { generate } from '../../docs/site/generate.js'
import { projectPath } from '../support/shared.js'

/** The pages of a project of a few files, made as those of the documentation site. */
export interface SmallSite {
  /** The folder of the pages. */
  readonly folder: string
  /** Whether TypeDoc had nothing to complain of. */
  readonly isClean: boolean
  page(name: string): string
  remove(): void
}

const configuration = (entries: ReadonlyArray<string>): { readonly [name: string]: string } => ({
  'typedoc.json': JSON.stringify({ entryPoints: entries, tsconfig: 'tsconfig.json' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2022',
      strict: true,
      types: [],
    },
    files: entries,
  }),
})

/** Entry points by their names, which end in `.ts`, and pages in Markdown. */
export const buildSmallSite = async (
  files: { readonly [name: string]: string },
  options: TypeDocOptions = {},
): Promise<SmallSite> => {
  mkdirSync(projectPath('.doc-examples'), { recursive: true })
  const project = mkdtempSync(projectPath('.doc-examples', 'site-'))
  const names = Object.keys(files)
  const all = { ...files, ...configuration(names.filter((name) => name.endsWith('.ts'))) }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(join(project, name, '..'), { recursive: true })
    writeFileSync(join(project, name), text)
  }
  const folder = join(project, 'site')
  const isClean = await generate(project, {
    options: join(project, 'typedoc.json'),
    projectDocuments: names.filter((name) => name.endsWith('.md')).map((name) => join(project, name)),
    out: folder,
    readme: 'none',
    logLevel: 'Warn',
    navigation: { includeGroups: true },
    githubPages: false,
    // A copy of the sources need not be a clone.
    disableSources: true,
    ...options,
  })
  return {
    folder,
    isClean,
    page: (name) => readFileSync(join(folder, name), 'utf8'),
    remove: () => rmSync(project, { recursive: true }),
  }
}
