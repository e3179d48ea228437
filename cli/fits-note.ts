import type { Profile } from '../combinators/limits.js'
import type { AnyGrammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'

/** What bytes fit that a type does not take, as the end of a message; empty where nothing is known. */
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
