import { allSections } from '../../grammar/inner.js'
import { compile } from '../../interpreters/compile/index.js'
import { toMarkdown } from '../../interpreters/markdown/index.js'
import { legendOf } from '../pages/legend.js'
import { grammarOfType, type ProtocolOptions, profileOf, protocolOf } from '../protocol-options.js'

/** The section of the specification that a TYPE argument stands for, as docs/protocol.md has it. */
export const grammarPage = (type: string): string => {
  const names = new Map(allSections.flatMap(({ grammars }) => grammars))
  return `${toMarkdown(type, grammarOfType(type), names)}\n`
}

/** What is to know besides to read the page of a TYPE argument. */
export const legend = (type: string): string => `\n${legendOf(grammarPage(type))}\n`

/** The functions that the codec of a TYPE argument is made of, in the order in which they are made. */
export const generatedCode = (type: string, options: ProtocolOptions): string => {
  const functions: string[] = []
  const grammar = grammarOfType(type)
  compile(grammar, protocolOf(options, grammar), {
    profile: profileOf(options),
    onCode: (source) => functions.push(source),
  })
  return functions.join('\n')
}
