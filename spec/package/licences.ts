/**
 * Whose code comes with the package: what npm installs beside it, and what the page of `nix-wire inspect` carries.
 * `npm run licences` writes it down.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { projectPath } from '../support/shared.js'

/** Where the texts are. */
export const licencesFile = 'THIRD-PARTY-LICENCES.md'

/** Licences that ask for no more than that their text comes along. */
const welcome = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'])

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly author?: string | { readonly name: string }
  readonly dependencies?: Readonly<Record<string, string>>
}

const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(projectPath('node_modules', name, 'package.json'), 'utf8')) as Manifest

/** The packages that the sources of the page import. */
const imported = (): ReadonlyArray<string> => {
  const sources = readdirSync(projectPath('inspect'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && file !== 'vite.config.ts')
    .map((file) => readFileSync(projectPath('inspect', file), 'utf8'))
  const specifiers = sources.flatMap((text) => [...text.matchAll(/\bfrom '([^.'][^']*)'/g)])
  return [...new Set(specifiers.map(([, specifier = '']) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''))]
}

/** Every package that npm installs for a user. */
const installed = (): ReadonlyArray<string> => {
  const { dependencies } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as Manifest
  const names = new Set(Object.keys(dependencies ?? {}))
  // What is added while it runs is visited too.
  for (const name of names) {
    for (const further of Object.keys(manifestOf(name).dependencies ?? {})) {
      names.add(further)
    }
  }
  return [...names].sort()
}

const textOf = (name: string): string => {
  const folder = projectPath('node_modules', name)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.md|\.txt)?$/i.test(entry))
  if (file !== undefined) {
    return readFileSync(projectPath('node_modules', name, file), 'utf8').trim()
  }
  const { author, license } = manifestOf(name)
  const who = typeof author === 'string' ? author : author?.name
  return `The package has no text of its licence; its package.json says: ${license}, by ${who}.`
}

const section = (name: string, where: string): string => {
  const { version, license } = manifestOf(name)
  if (license === undefined || !welcome.has(license)) {
    throw new Error(`${name} has the licence ${license}: may it come with the package?`)
  }
  const text = textOf(name).replace(/^/gm, '    ').replace(/ +$/gm, '')
  return `## ${name}\n\nVersion ${version}, ${license}, ${where}.\n\n${text}\n`
}

const preface = `# Third-party licences

What npm installs beside nix-wire is not part of it and has its own copy of its licence; its code is in the package only
as far as the page of \`nix-wire inspect\` and the bundles of \`dist/node\` carry it. The versions are those that this release was tested with.
Written by \`npm run licences\`.
`

export const licencesText = (): string => {
  const dependencies = installed()
  const carried = imported()
    .filter((name) => !dependencies.includes(name))
    .sort()
  return [
    preface,
    ...dependencies.map((name) => section(name, 'a run-time dependency')),
    ...carried.map((name) => section(name, 'carried by the page')),
  ].join('\n')
}
