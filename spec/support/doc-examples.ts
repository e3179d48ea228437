/**
 * The examples of the documentation, made runnable. Every fenced `ts` block of a docstring or a Markdown file
 * becomes part of a module under `.doc-examples/`, line for line where it stood, so that a type error or a
 * failed comparison has the line number of the original. A docstring's block is a module of its own;
 * those of one Markdown file are one module, in which later blocks see earlier ones.
 *
 * What an example claims stands in comments behind (or right below) a statement:
 *
 *     1 + 1 // => 2                 the expression, or `const x = …`, deeply equals this expression
 *     console.log('a') // prints: a this is all that was printed since the last such comment
 *
 * Both go on in the comment lines below: a value until it is a whole expression, a print to the last of them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { translate } from './doc-translate.js'
import { projectPath } from './shared.js'

export interface Fence {
  /** The line of the opening fence, from 1. */
  readonly line: number
  readonly body: ReadonlyArray<string>
  /** False for a block tagged `no-run`, which is only type-checked. */
  readonly run: boolean
}

export interface ExampleModule {
  readonly source: string
  readonly fences: ReadonlyArray<Fence>
  readonly code: string
  readonly path: string
}

/** The first page of the site: Markdown, in which most is HTML. */
const landing = 'docs/site/landing.html'

const generated = '.doc-examples'
const markdown = (source: string): boolean => source.endsWith('.md') || source === landing

/** The lines of the docstrings without their stars; all others empty. */
const docstringLines = (text: string): string[] => {
  let inside = false
  return text.split('\n').map((line) => {
    inside ||= /^\s*\/\*\*/.test(line)
    const doc = inside ? line.replace(/^\s*(\/\*\*|\*\/|\*) ?/, '') : ''
    inside &&= !line.includes('*/')
    return doc
  })
}

/** The `ts` blocks of a source file or a Markdown text. */
const fencesOf = (source: string, text: string): ReadonlyArray<Fence> => {
  const lines = markdown(source) ? text.split('\n') : docstringLines(text)
  return lines.flatMap((line, index) => {
    const fence = /^\s*```ts( no-run)?\s*$/.exec(line)
    if (fence === null) return []
    const end = lines.findIndex((other, at) => at > index && /^\s*```\s*$/.test(other))
    if (end < 0) throw new Error(`${source}:${index + 1}: the block does not end`)
    return [{ line: index + 1, body: lines.slice(index + 1, end), run: fence[1] === undefined }]
  })
}

const translated = (body: string, where: string): ReturnType<typeof translate> => {
  try {
    return translate(body)
  } catch (cause) {
    throw new Error(`${where}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

const moduleOf = (source: string, name: string, fences: ReadonlyArray<Fence>): ExampleModule => {
  const lines: string[] = []
  const seen = new Set<string>()
  const put = (line: number, text: string): void => {
    while (lines.length < line) lines.push('')
    lines[line - 1] += text
  }
  put(1, `import * as $doc from '../spec/support/doc-runtime.js';`)
  for (const { line, body, run } of fences) {
    const { imports, code } = translated(body.join('\n'), `${source}:${line}`)
    const fresh = imports.filter((statement) => !seen.has(statement) && seen.add(statement))
    put(line, `${fresh.join(';')};${run ? `$doc.begin(${line})` : 'void (async () => {'}`)
    for (const [index, text] of code.split('\n').entries()) put(line + 1 + index, text)
    put(line + 1 + body.length, run ? '' : '})')
  }
  const path = projectPath(generated, `${name.replaceAll('/', '-')}.ts`)
  return { source, fences, code: `${lines.join('\n')}\n`, path }
}

/** The modules made from the examples of one file. */
export const modulesOf = (source: string, text: string): ReadonlyArray<ExampleModule> => {
  const fences = fencesOf(source, text)
  if (!markdown(source)) return fences.map((fence) => moduleOf(source, `${source}-${fence.line}`, [fence]))
  return fences.length === 0 ? [] : [moduleOf(source, source, fences)]
}

/** Every file whose examples run, relative to the project. */
export const documentedFiles = (): ReadonlyArray<string> =>
  [
    '.',
    'combinators',
    'conversation',
    'interpreters',
    'types',
    'grammar',
    'store',
    'stream',
    'session',
    'serve',
    'daemon',
    'nix-json',
    'validation',
    'laws',
    'fuzz',
    'docs',
  ]
    .filter((folder) => existsSync(projectPath(folder)))
    .flatMap((folder) => {
      const names = readdirSync(projectPath(folder), { recursive: folder !== '.', encoding: 'utf8' })
      return names.map((name) => join(folder, name))
    })
    .filter((name) => /\.ts$|^README\.md$|^docs\/.*\.md$/.test(name) || name === landing)
    .sort()

/** Writes the modules to a folder from which Node finds the project's dependencies. */
export const writeModules = (modules: ReadonlyArray<ExampleModule>): void => {
  mkdirSync(projectPath(generated), { recursive: true })
  for (const { path, code } of modules) writeFileSync(path, code)
}

/** A faster compiler than the one with a programming interface, which takes six times as long. */
const compiler = projectPath('node_modules/typescript-native/bin/tsc')

/** Declarations of packages without types, with which pages compare this one. */
const untyped = projectPath('bench', 'peers', 'untyped.d.ts')

/** The type errors of written modules with the project's own options, as `file:line: message`. */
export const typeErrors = (modules: ReadonlyArray<ExampleModule>): ReadonlyArray<string> => {
  const folder = mkdtempSync(projectPath(generated, 'types-'))
  const files = [...modules.map(({ path }) => path), untyped]
  const config = { extends: '../../tsconfig.json', include: [], exclude: [], files }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [compiler, '-p', folder, '--pretty', 'false'],
    {
      cwd: projectPath(),
      encoding: 'utf8',
    },
  )
  rmSync(folder, { recursive: true })
  if (status === null || stderr !== '' || /^error /m.test(stdout)) {
    throw new Error(`the compiler fails: ${stdout}${stderr}`)
  }
  return stdout.split('\n').flatMap((line) => {
    const [, file = '', at, message] = /^(\S+)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line) ?? []
    const module = modules.find(({ path }) => path === projectPath(file))
    return module === undefined ? [] : [`${module.source}:${at}: ${message}`]
  })
}
