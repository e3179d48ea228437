import { copyFile, mkdir } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Converter, JSX } from 'typedoc'
import { brokenLinks } from './broken-links.js'
import { groupOf, titleOf } from './documents.js'

/** `npm run docs`: the API reference and the pages of docs/ as one site, which also works from file://. */

const project = fileURLToPath(new URL('../..', import.meta.url))
const site = `${project}site`
const inspect = 'inspect/index.html'

const fail = (...lines: ReadonlyArray<string>): void => {
  process.exitCode = 1
  console.error(lines.join('\n'))
}

/** TypeDoc's part; whether it had nothing to complain of. */
const generate = async (): Promise<boolean> => {
  const app = await Application.bootstrap({ options: `${project}typedoc.json`, out: site })
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const path = relative(project, document.project.files.getReflectionPath(document) ?? '')
    document.name = titleOf(document.content) ?? document.name
    document.frontmatter.group = groupOf(path)
  })
  app.renderer.hooks.on('sidebar.begin', (context) => {
    const entry = (path: string, title: string) =>
      JSX.createElement('a', { class: 'entry', href: context.relativeURL(path) }, title)
    return JSX.createElement(
      'div',
      { class: 'entries' },
      entry('index.html#five-minutes', 'The five-minute tour'),
      entry(inspect, 'The byte inspector'),
    )
  })
  const converted = await app.convert()
  if (converted === undefined) {
    return false
  }
  app.validate(converted)
  await app.generateOutputs(converted)
  return !app.logger.hasErrors() && !app.logger.hasWarnings()
}

const copyInspect = async (): Promise<boolean> => {
  try {
    await mkdir(`${site}/inspect`, { recursive: true })
    await copyFile(`${project}dist/${inspect}`, `${site}/${inspect}`)
    return true
  } catch {
    return false
  }
}

if (!(await generate())) {
  fail('TypeDoc has something to complain of (above).')
}
const hasInspect = await copyInspect()
const broken = await brokenLinks(site, hasInspect ? [] : [inspect])
if (broken.length > 0) {
  fail(`${broken.length} broken links:`, ...broken.map((each) => `  ${each}`))
}
if (!hasInspect) {
  fail(`dist/${inspect} is not there: \`npm run build:page\` makes it.`)
}
