import { sections } from '../../grammar/sections.js'
import { toMarkdown } from '../../interpreters/markdown/index.js'
import { grammarOfType } from '../protocol-options.js'

/** The section of the specification that a TYPE argument stands for, as docs/protocol.md has it. */
export const grammarPage = (type: string): string => {
  const names = new Set(sections.flatMap(({ grammars }) => grammars.map(([name]) => name)))
  return `${toMarkdown(type, grammarOfType(type), names)}\n`
}
