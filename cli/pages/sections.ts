import type { AnyGrammar } from '../../combinators/node.js'
import { allSections } from '../../grammar/inner.js'
import { toMarkdown } from '../../interpreters/markdown/index.js'
import { correctionsBelow } from './corrections.js'

/** Which page has which sections of the grammar; sections without a page of their own are on the first. */
const pageOfSection: { readonly [title: string]: string } = {
  Handshake: 'handshake.md',
  Logging: 'logging.md',
}
const pageOf = (title: string): string =>
  title.startsWith('Serve protocol') ? 'serve-protocol.md' : (pageOfSection[title] ?? 'protocol.md')

const names: ReadonlyMap<string, AnyGrammar> = new Map(allSections().flatMap(({ grammars }) => grammars))

const pageOfAnchor: ReadonlyMap<string, string> = new Map(
  allSections().flatMap(({ title, grammars }) =>
    grammars.map(([name]) => [name.toLowerCase(), pageOf(title)] as const),
  ),
)

/** A link to a grammar's section, from any page. */
export const linkTo = (name: string): string => {
  const page = pageOfAnchor.get(name.toLowerCase())
  return page === undefined ? `\`${name}\`` : `[${name}](${page}#${name.toLowerCase()})`
}

/** Changes links within a single page to lead to the page that has the section. */
const spread = (text: string, page: string): string =>
  text.replace(/\]\(#([^)]*)\)/g, (link, anchor: string) => {
    const other = pageOfAnchor.get(anchor) ?? page
    return other === page ? link : `](${other}#${anchor})`
  })

/** The sections of a page, in their order. */
export const sectionsOn = (page: string): ReadonlyArray<string> =>
  allSections()
    .filter(({ title }) => pageOf(title) === page)
    .flatMap(({ title, grammars }) => [
      `## ${title}`,
      ...grammars.flatMap(([name, grammar]) => [
        spread(toMarkdown(name, grammar, names), page),
        ...correctionsBelow(name),
      ]),
    ])

/** A page made of parts, with empty lines between them. */
export const pageOfParts = (...parts: ReadonlyArray<string>): string => `${parts.join('\n\n')}\n`
