import { allSections } from '../../grammar/inner.js'
import { compile } from '../../interpreters/compile/index.js'
import { toMarkdown } from '../../interpreters/markdown/index.js'
import { nothingOwn, type Own } from '../modules/own.js'
import { legendOf } from '../pages/legend.js'
import { grammarAmong, type ProtocolOptions, profileOf, protocolOf } from '../protocol-options.js'

/** The section of the specification for a TYPE argument, as in docs/protocol.md. */
export const grammarPage = (type: string, own: Own = nothingOwn): string => {
  const names = new Map([...allSections().flatMap(({ grammars }) => grammars), ...own.types])
  return `${toMarkdown(type, grammarAmong(type, own), names)}\n`
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
