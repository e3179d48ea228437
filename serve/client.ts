import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { OptionChecks } from '../combinators/options.js'
import { type Connected, connectFlow } from '../conversation/client/connect-flow.js'
import { connectChecks } from '../conversation/client/options.js'
import type { Interruption } from '../conversation/line/interruption.js'
import type { BytesPair } from '../conversation/line/streams.js'
import { serveProtocol } from './flow.js'
import { type ServeSideOptions, sideOptionsOf } from './options.js'

/** A client of `nix-store --serve`: each command is a method of `calls`. */
export type ServeClient = Connected<typeof serveProtocol>

export interface ServeClientOptions extends ServeSideOptions {
  /** The most calls in flight; others wait. Default: 64. */
  readonly most?: number
  /** The longest time without progress in a call, in milliseconds. Default: 0, no limit. */
  readonly timeout?: number
  /** The longest time without progress before the first command, in milliseconds. Default: 0, no limit. */
  readonly openingTimeout?: number
  /** Aborts the connection, whatever it is doing. */
  readonly signal?: AbortSignal
}

const checks: OptionChecks<Omit<ServeClientOptions, keyof ServeSideOptions>> = {
  most: connectChecks.most,
  timeout: connectChecks.timeout,
  openingTimeout: connectChecks.openingTimeout,
  signal: connectChecks.signal,
}

/**
 * Connects to a server of the serve protocol over any pair of Web Streams, such as the standard input and output of
 * `nix-store --serve --write`, run here or with `ssh`.
 *
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { connectServe, serveStore } from 'nix-wire/serve'
 *
 * const [up, down] = [new TransformStream<Uint8Array>(), new TransformStream<Uint8Array>()]
 * const served = serveStore({ readable: up.readable, writable: down.writable }, {
 *   QueryValidPaths: () => E.right({ reply: [] }),
 * })
 * const client = await connectServe({ readable: down.readable, writable: up.writable }, { newest: '2.5' })()
 * if (E.isRight(client)) {
 *   const { calls, close, protocol } = client.right
 *   protocol.version // => '2.5'
 *   await calls.QueryValidPaths({ request: { lock: false, substitute: false, paths: [] } })()
 *   // => { _tag: 'Right', right: { reply: [] } }
 *   await close()
 * }
 * await served // => { _tag: 'Right', right: undefined }
 * ```
 *
 * A server that cannot answer a call closes the connection: that call and all later ones fail with the end of the
 * stream, and the reason is on the server's stderr. Below 2.5 there is no AddToStoreNar; use ImportPaths to add
 * paths.
 *
 * @throws RangeError or TypeError for invalid options.
 */
export const connectServe = (
  pair: BytesPair,
  options: ServeClientOptions = {},
): TaskEither<Interruption, ServeClient> => {
  const { newest, storeDir, others } = sideOptionsOf('connectServe', checks, options)
  return connectFlow(serveProtocol, pair, {
    ...others,
    protocol: { storeDir },
    says: { magic: {}, version: newest },
  })
}
