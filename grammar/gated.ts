import type { Gate } from '../combinators/gate.js'
import type { Grammar } from '../combinators/node.js'
import { defaults } from '../combinators/structures/defaults.js'
import * as words from '../combinators/structures/gated.js'
import { nixDefaults } from '../types/nix-protocol.js'

const { version, features } = nixDefaults

/** Gates of this protocol contain their defaults, so a codec need not be given the newest version. */
const nix = <A>(grammar: Grammar<A>): Grammar<A> => defaults({ version, features }, grammar)

/** Like the combinator of the same name, with the defaults of this protocol. */
export const versioned = <A>(gate: Gate, grammar: Grammar<A>, otherwise: NoInfer<A>): Grammar<A> =>
  nix(words.versioned(gate, grammar, otherwise))

/** Like the combinator of the same name, with the defaults of this protocol. */
export const byProtocol = <A>(
  arms: ReadonlyArray<readonly [Gate, Grammar<A>]>,
  otherwise: Grammar<NoInfer<A>> | NoInfer<A>,
): Grammar<A> => nix(words.byProtocol(arms, otherwise))
