import { type AnyGrammar, type Grammar, isGrammar, type TypeOf } from '../../combinators/index.js'
import * as G from '../../grammar/index.js'

type Exports = typeof G

export type GrammarName = {
  [K in keyof Exports]: Exports[K] extends AnyGrammar ? K : never
}[keyof Exports]

export type ValueOf<N extends GrammarName> = Exports[N] extends AnyGrammar ? TypeOf<Exports[N]> : never

/** Every grammar that `nix-wire/grammar` exports, by its name there. */
export const allGrammars: ReadonlyArray<readonly [GrammarName, Grammar<unknown>]> = Object.entries(G).flatMap(
  ([name, value]) => (isGrammar(value) ? [[name as GrammarName, value as Grammar<unknown>] as const] : []),
)
