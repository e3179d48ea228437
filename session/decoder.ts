import { expectBytes } from '../bytes/byte-array.js'
import type { SessionEvent } from './events.js'
import { followed, SessionFollower } from './follower.js'
import type { SessionOptions } from './options.js'
import { newSha256 } from './sha256.js'

/**
 * Follows a connection while it runs: takes the bytes of both sides as they come, in chunks of any size, and says
 * what has become complete.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { SessionDecoder } from 'nix-wire/session'
 *
 * const decoder = new SessionDecoder()
 * decoder.push('client', bytesOf('6378696e00000000 0a01000000000000')) // => []
 * decoder.push('server', bytesOf('6f69786400000000 2201000000000000')) // => []
 * const [handshake] = decoder.push('server', bytesOf('73746c6100000000'))
 * handshake?.kind === 'handshake' && handshake.version // => '1.10'
 * decoder.end('client')
 * decoder.end('server') // => [{ kind: 'end', clientLeft: 0, serverLeft: 0 }]
 * ```
 *
 * The events are the same however the bytes are cut and whichever side comes first, `started` and `message` events
 * and guesses apart. An operation that failed is told when the daemon goes on or ends: only then it is known that the daemon does
 * not say the error again. Chunks are read where they lie and not kept; streams of any size take no memory.
 *
 * Where a stream breaks the protocol there is an `issue` event. What does not lose the place stands before the operation
 * it belongs to, whose values have there what came; from a fatal issue on bytes are only counted.
 */
export class SessionDecoder extends SessionFollower {
  /** @throws RangeError for options that cannot work. */
  constructor(options: SessionOptions = {}) {
    super(options, newSha256)
  }
}

/**
 * Decodes a recorded connection: all that the client sent, and all that the daemon sent.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { decodeSession } from 'nix-wire/session'
 *
 * const client = bytesOf('6378696e00000000 0a01000000000000 0d00000000000000')
 * const server = bytesOf('6f69786400000000 2201000000000000 73746c6100000000 73746c6100000000 0100000000000000')
 * decodeSession(client, server).map((event) => event.kind) // => ['handshake', 'operation', 'end']
 * ```
 *
 * @throws RangeError for options that cannot work.
 */
export const decodeSession = (
  client: Uint8Array,
  server: Uint8Array,
  options: SessionOptions = {},
): ReadonlyArray<SessionEvent> => {
  expectBytes('the bytes of the client', client)
  expectBytes('the bytes of the server', server)
  return [...followed(new SessionDecoder(options), client, server)]
}
