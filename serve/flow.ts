import { serveOf } from '../grammar/serve/serve.js'
import { narDelimiter } from '../stream/nar/delimiter.js'

/**
 * The conversation of a client and `nix-store --serve`, as a flow: who sends which message when.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { observe } from 'nix-wire/conversation'
 * import { serveProtocol } from 'nix-wire/serve'
 *
 * const observer = observe(serveProtocol)
 * observer.push('client', bytesOf('eb9d0c3900000000 0702000000000000'))
 * observer.push('server', bytesOf('cbee525400000000 0502000000000000'))
 * observer.protocol // => { version: '2.5', features: [] }
 * ```
 *
 * A command that fails ends the connection: the server closes it, and writes the reason to its stderr.
 */
export const serveProtocol = serveOf({ archive: narDelimiter })
