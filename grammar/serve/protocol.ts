import type { Either } from 'fp-ts/lib/Either.js'
import { left, right } from 'fp-ts/lib/Either.js'
import { type FamilyGates, gatesOf } from '../../combinators/family.js'
import type { Gate } from '../../combinators/gate.js'
import type { Grammar } from '../../combinators/node.js'
import type { Agreed } from '../../combinators/protocol.js'
import { defaults } from '../../combinators/structures/defaults.js'
import * as words from '../../combinators/structures/gated.js'
import { majorOf, type ProtocolVersion as Version } from '../../combinators/version.js'
import { negotiateVersion } from '../negotiation.js'

/** The newest version that a release of Nix speaks: 2.35. */
export const newestServeVersion: Version = '2.8'

/** The oldest version that a client accepts, up to Nix 2.31; since 2.32 it is 2.5. */
export const oldestServeVersion: Version = '2.0'

/** The defaults of the grammars of the serve protocol. It has no features. */
const serveDefaults: Agreed = { version: newestServeVersion, features: [] }

const gates: FamilyGates<2> = gatesOf('serve', 2)

/** Like the combinator of this name, for a version of the serve protocol. */
export const { since } = gates

/** Like the combinator of the same name, with the defaults of the serve protocol. */
export const versioned = <A>(gate: Gate, grammar: Grammar<A>, otherwise: NoInfer<A>): Grammar<A> =>
  defaults(serveDefaults, words.versioned(gate, grammar, otherwise))

/** Like the combinator of the same name, with the defaults of the serve protocol. */
export const byProtocol = <A>(
  arms: ReadonlyArray<readonly [Gate, Grammar<A>]>,
  otherwise: Grammar<NoInfer<A>> | NoInfer<A>,
): Grammar<A> => defaults(serveDefaults, words.byProtocol(arms, otherwise))

/**
 * The version that two sides agree on: the lower of theirs. Left if one has another major number than 2.
 *
 * ```ts
 * import { negotiateServe } from 'nix-wire/serve'
 *
 * negotiateServe('2.8', '2.5') // => { _tag: 'Right', right: '2.5' }
 * negotiateServe('2.8', '1.38')
 * // => { _tag: 'Left', left: 'version 1.38 is not one of the serve protocol, whose major version is 2' }
 * ```
 */
export const negotiateServe = (ours: Version, theirs: Version): Either<string, Version> => {
  const other = [ours, theirs].find((version) => majorOf(version) !== 2)
  return other === undefined
    ? right(negotiateVersion(ours, theirs))
    : left(`version ${other} is not one of the serve protocol, whose major version is 2`)
}
