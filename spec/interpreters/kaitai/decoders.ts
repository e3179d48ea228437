import type { AnyGrammar } from '../../../combinators/index.js'
import { toKaitaiFiles } from '../../../interpreters/index.js'
import { type Subject, subject } from './checked.js'
import { compiledTogether, type Decoder, loaded, pascal } from './compiled.js'
import { exported, protocolsFor } from './exported.js'
import { goldens } from './goldens.js'

/** The grammars of golden files that the package does not export, each once. */
const unexported = [...new Set(goldens.flatMap(({ grammars }) => grammars))].filter(
  (grammar) => !exported.some(([, other]) => other === grammar),
)

const all: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]> = [
  ...exported,
  ...unexported.map((grammar, i) => [`Golden${i}`, grammar] as const),
]

export interface Decoders {
  /** The decoder of a grammar, which is told the protocol. */
  readonly of: (grammar: AnyGrammar) => Decoder
  /** That of whole messages, under the newest protocol. */
  readonly newest: (grammar: AnyGrammar) => Subject
}

/** Compiles a file for each exported grammar, all at once. */
export const decoders = async (): Promise<Decoders> => {
  const files = toKaitaiFiles('every', all)
  const ids = new Map([...files.keys()].map((file, i) => [all[i]?.[1], pascal(file.replace('.ksy', ''))]))
  const moduleOf = loaded(await compiledTogether('javascript', new Map([...files].slice(0, -1))))
  return {
    of: (grammar) => moduleOf(ids.get(grammar)!),
    newest: (grammar) =>
      subject(grammar, protocolsFor(grammar).at(-1)!, moduleOf(ids.get(grammar)!).Message!),
  }
}
