import { type Limits, limitsOf } from '../interpreters/compile/resumable.js'

/**
 * The `message` limit until the handshake is done, while the other side is unknown, in bytes of one value. The longest
 * list of features of a release of Nix takes less than 1 KiB.
 */
const handshakeMessage = 64 * 2 ** 10

/**
 * The `message` limit of a connection until its handshake is done. @throws RangeError for an invalid limit.
 */
export const messageLimitOfHandshake = (limits: Partial<Limits> | undefined): number =>
  Math.min(handshakeMessage, limitsOf(limits).message)
