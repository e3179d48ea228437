import type { Profile } from '../../combinators/limits.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { ArbitraryOptions } from '../../interpreters/arbitrary/options.js'
import { ownOf } from '../modules/own.js'
import { grammarAmong, type ProtocolOptions, profileOf, protocolOf } from '../protocol-options.js'

/** What inputs are made for: a grammar under one protocol, read in one profile. */
export interface Target {
  readonly grammar: Grammar<unknown>
  readonly protocol: Protocol
  readonly profile: Profile
  /** How its values are made. */
  readonly values: ArbitraryOptions
}

/** The target that a TYPE argument and the options stand for. */
export const targetOf = async (type: string, options: ProtocolOptions): Promise<Target> => {
  const own = await ownOf(options)
  const grammar = grammarAmong(type, own)
  return {
    grammar,
    protocol: protocolOf(options, grammar),
    profile: profileOf(options),
    values: { given: own.given },
  }
}
