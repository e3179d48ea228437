import { expectBytes } from '../bytes/byte-array.js'
import type { SessionEvent } from './events.js'
import { followed, SessionFollower } from './follower.js'
import type { SessionOptions } from './options.js'
import { newSha256 } from './sha256.js'

/**
 * Follows a connection while it runs: it takes the bytes of both sides as they come, in chunks of any size, and
 * returns an event for each part that is complete.
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
 * The events do not depend on how the bytes are cut, nor on which side's bytes come first, except for `started` and
 * `message` events and guesses. A failed operation is reported when the daemon goes on or ends, since the daemon
 * might repeat the error. Chunks are not kept, and uploads and downloads of any size take no memory.
 *
 * An `issue` event reports where a stream breaks the protocol. If the issue is not fatal, reading goes on: the event
 * comes before that of its operation, whose values have the invalid part as it came. After a fatal issue bytes are
 * only counted.
 */
export class SessionDecoder extends SessionFollower {
  /** @throws RangeError for invalid options. */
  constructor(options: SessionOptions = {}) {
    super(options, newSha256)
  }
}

/**
 * Decodes a recorded connection, given all bytes of the client and all bytes of the daemon.
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
 * @throws RangeError for invalid options.
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
