import { type Limits, limitsOf } from '../interpreters/compile/resumable.js'

/**
 * How many bytes one value may take while nothing is known of the other side: the `message` limit until the handshake is
 * done. The longest list of features that a release of Nix sends takes less than 1 KiB.
 */
const handshakeMessage = 64 * 2 ** 10

/** The `message` limit of a connection until its handshake is done. @throws RangeError for what is no limit. */
export const messageLimitOfHandshake = (limits: Partial<Limits> | undefined): number =>
  Math.min(handshakeMessage, limitsOf(limits).message)
