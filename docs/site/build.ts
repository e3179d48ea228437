import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Converter, JSX } from 'typedoc'
import { brokenLinks } from './broken-links.js'
import { categorise, groupTitles, linkWords } from './categories.js'
import { groupOf, titleOf } from './documents.js'
import { liveScript } from './live.js'
import { sentencesFor } from './search.js'
import { SiteTheme } from './theme/theme.js'

/** `npm run docs`: the API reference and the pages of docs/ as one site, which also works from file://. */

const project = fileURLToPath(new URL('../..', import.meta.url))
const site = `${project}site`
const inspect = 'inspect/index.html'
const live = 'assets/live.js'

const fail = (...lines: ReadonlyArray<string>): void => {
  process.exitCode = 1
  console.error(lines.join('\n'))
}

const element = JSX.createElement

/** TypeDoc's part; whether it had nothing to complain of. */
const generate = async (): Promise<boolean> => {
  const app = await Application.bootstrap({
    options: `${project}typedoc.json`,
    out: site,
    categoryOrder: [...groupTitles, '*'],
  })
  app.renderer.defineTheme('site', SiteTheme)
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const path = relative(project, document.project.files.getReflectionPath(document) ?? '')
    document.name = titleOf(path, document.content) ?? document.name
    document.frontmatter.group = groupOf(path)
  })
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project: reflection }) => categorise(reflection))
  app.renderer.hooks.on('sidebar.begin', (context) =>
    element(
      'div',
      { class: 'entries' },
      element('a', { class: 'entry', href: context.relativeURL(inspect) }, 'The byte inspector'),
    ),
  )
  app.renderer.hooks.on('body.end', (context) =>
    context.page.url === 'index.html'
      ? element('script', { src: context.relativeURL(live) })
      : element(JSX.Fragment, null),
  )
  const converted = await app.convert()
  if (converted === undefined) {
    return false
  }
  for (const document of converted.documents ?? []) {
    if (document.name === 'Combinators') {
      linkWords(converted, document)
    }
  }
  app.validate(converted)
  const sentences = sentencesFor(app.renderer, (found) => app.renderer.router?.getFullUrl(found) ?? '')
  await app.generateOutputs(converted)
  await writeFile(
    `${site}/assets/sentences.js`,
    `globalThis.sentences = ${JSON.stringify(Object.fromEntries(sentences))}`,
  )
  await writeFile(`${site}/${live}`, await liveScript())
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
