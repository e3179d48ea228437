import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Application, Converter, type DocumentReflection, JSX, PageEvent, type TypeDocOptions } from 'typedoc'
import { categorise, groupTitles, linkWords } from './categories.js'
import { groupOf, titleOf } from './documents.js'
import { accessible } from './markup.js'
import { nameParameters } from './parameters.js'
import { sentencesFor } from './search.js'
import { SiteTheme } from './theme/theme.js'

const element = JSX.createElement

/** The addresses of pages that TypeDoc does not make, in the folder of the site. */
export const inspect = 'inspect/index.html'
export const live = 'assets/live.js'

const nameDocument =
  (project: string) =>
  (_: unknown, document: DocumentReflection): void => {
    const path = relative(project, document.project.files.getReflectionPath(document) ?? '')
    document.name = titleOf(path, document.content) ?? document.name
    document.frontmatter.group = groupOf(path)
  }

const addHooks = (app: Application): void => {
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = accessible(page.contents ?? '')
  })
  app.renderer.hooks.on('sidebar.begin', (context) =>
    element(
      'nav',
      { class: 'entries', 'aria-label': 'Tools' },
      element('a', { class: 'entry', href: context.relativeURL(inspect) }, 'The byte inspector'),
    ),
  )
  app.renderer.hooks.on('body.end', (context) =>
    context.page.url === 'index.html'
      ? element('script', { src: context.relativeURL(live) })
      : element(JSX.Fragment, null),
  )
}

/** A bare `notes.md` is a file, not a host; a bare `https://…` is a link, as on GitHub. */
const linkAddressesOnly = (parser: {
  readonly linkify: { set(options: { readonly fuzzyLink: boolean }): unknown }
}): void => {
  parser.linkify.set({ fuzzyLink: false })
}

/** Lets TypeDoc make the pages of a project in a folder; returns whether there were no complaints. */
export const generate = async (
  project: string,
  options: TypeDocOptions & { readonly out: string },
): Promise<boolean> => {
  const app = await Application.bootstrap({ ...options, categoryOrder: [...groupTitles, '*'] })
  app.renderer.defineTheme('site', SiteTheme)
  app.options.setValue('theme', 'site')
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, nameDocument(project))
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project: reflection }) => {
    categorise(reflection)
    nameParameters(reflection)
  })
  app.options.setValue('markdownItLoader', linkAddressesOnly)
  addHooks(app)
  const converted = await app.convert()
  if (converted === undefined) {
    return false
  }
  for (const document of converted.documents ?? []) {
    linkWords(converted, document)
  }
  app.validate(converted)
  const sentences = sentencesFor(app.renderer, (found) => app.renderer.router?.getFullUrl(found) ?? '')
  await app.generateOutputs(converted)
  await writeFile(
    join(options.out, 'assets', 'sentences.js'),
    `globalThis.sentences = ${JSON.stringify(Object.fromEntries(sentences))}`,
  )
  return !app.logger.hasErrors() && !app.logger.hasWarnings()
}
