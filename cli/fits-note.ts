import type { Profile } from '../combinators/limits.js'
import type { AnyGrammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'

/**
 * A note for the end of a message: which types the bytes fit that do not fit the given one; empty if none is known.
 */
export const fitsNote = async (
  grammar: AnyGrammar,
  agreed: Protocol,
  profile: Profile,
  bytes: Uint8Array,
): Promise<string> => {
  // Loaded only after an issue.
  const { fitsLine } = await import('./fits.js')
  const line = fitsLine(grammar, agreed, profile, bytes)
  return line === null ? '' : `\n${line}`
}
