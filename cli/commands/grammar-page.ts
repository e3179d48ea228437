import type { AnyGrammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { resolved } from '../../combinators/resolved.js'
import { allSections } from '../../grammar/inner.js'
import { compile } from '../../interpreters/compile/index.js'
import { toMarkdown } from '../../interpreters/markdown/index.js'
import { nothingOwn, type Own } from '../modules/own.js'
import { legendOf } from '../pages/legend.js'
import { grammarAmong, type ProtocolOptions, profileOf, protocolOf } from '../protocol-options.js'

/** How a page is printed. */
export interface PageOptions {
  /** The protocol of which the page is; all versions if there is none. */
  readonly protocol?: Protocol
  /** Whether the sections follow that the page refers to. */
  readonly deep?: boolean
}

/** The section of the specification for a TYPE argument, as in docs/protocol.md. */
export const grammarPage = (
  type: string,
  own: Own = nothingOwn,
  { protocol, deep = false }: PageOptions = {},
): string => {
  const names = new Map([...allSections().flatMap(({ grammars }) => grammars), ...own.types])
  const sectionOf = (name: string, grammar: AnyGrammar): string =>
    `${toMarkdown(name, protocol === undefined ? grammar : resolved(grammar, protocol), names)}\n`
  const pages = new Map([[type, sectionOf(type, grammarAmong(type, own))]])
  for (const page of deep ? pages.values() : []) {
    for (const [, name = ''] of page.matchAll(/\[([^\]]+)\]\(#/g)) {
      const grammar = names.get(name)
      if (grammar !== undefined && !pages.has(name)) {
        pages.set(name, sectionOf(name, grammar))
      }
    }
  }
  return [...pages.values()].join('\n')
}

/** The explanations that a page needs. */
export const legend = (page: string): string => `\n${legendOf(page)}\n`

/** The generated functions of the codec of a TYPE argument, in the order in which they are made. */
export const generatedCode = (type: string, options: ProtocolOptions, own: Own): string => {
  const functions: string[] = []
  const grammar = grammarAmong(type, own)
  compile(grammar, protocolOf(options, grammar), {
    profile: profileOf(options),
    onCode: (source) => functions.push(source),
  })
  return functions.join('\n')
}
