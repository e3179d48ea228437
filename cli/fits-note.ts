import type { Profile } from '../combinators/limits.js'
import type { AnyGrammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { isCapture } from '../session/recording/is-capture.js'

const isRecording =
  '\nThe file is a recording of connections: `nix-wire session` explains it, and `nix-wire convert` takes the bytes of each side\n' +
  'out of it, for `nix-wire dissect --at`.'

/**
 * A note for the end of a message: which types the bytes fit that do not fit the given one, or that the file is a recording;
 * empty if nothing is known. The bytes may be a part of the file.
 */
export const fitsNote = async (
  grammar: AnyGrammar,
  agreed: Protocol,
  profile: Profile,
  bytes: Uint8Array,
  file: Uint8Array = bytes,
): Promise<string> => {
  if (isCapture(file)) {
    return isRecording
  }
  // Loaded only after an issue.
  const { fitsLine } = await import('./fits.js')
  const line = fitsLine(grammar, agreed, profile, bytes)
  return line === null ? '' : `\n${line}`
}
