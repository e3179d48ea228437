import type { Either } from 'fp-ts/lib/Either.js'
import type { OptionChecks } from '../combinators/options.js'
import type { Interruption } from '../conversation/line/interruption.js'
import type { BytesPair } from '../conversation/line/streams.js'
import type { HandlersOf } from '../conversation/methods.js'
import { serveChecks } from '../conversation/server/options.js'
import { serveFlow } from '../conversation/server/serve-flow.js'
import { serveProtocol } from './flow.js'
import { type ServeSideOptions, sideOptionsOf } from './options.js'

/** The handlers of a server, one for each command that it offers. */
export type ServeHandlers = HandlersOf<typeof serveProtocol>

export interface ServeStoreOptions extends ServeSideOptions {
  /** The longest silence of a client inside a command, in milliseconds. Default: 0, no limit. */
  readonly timeout?: number
  /** Aborts the connection, whatever it is doing. */
  readonly signal?: AbortSignal
}

const checks: OptionChecks<Omit<ServeStoreOptions, keyof ServeSideOptions>> = {
  timeout: serveChecks.timeout,
  signal: serveChecks.signal,
}

/**
 * Serves one connection of the serve protocol over any pair of Web Streams, such as the standard input and output of
 * a program that `ssh` starts; {@link connectServe} has an example.
 *
 * A handler takes the client's messages and returns the reply. The protocol has no message for failures: if a handler
 * throws, or is missing, the connection is closed. Your program should then write the reason to its stderr.
 *
 * Resolves when the connection is over: with Right if the client left between two commands, else with the reason.
 *
 * @throws TypeError for a handler of an unknown command; RangeError or TypeError for invalid options.
 */
export const serveStore = (
  pair: BytesPair,
  handlers: ServeHandlers,
  options: ServeStoreOptions = {},
): Promise<Either<Interruption, void>> => {
  const { newest, storeDir, others } = sideOptionsOf('serveStore', checks, options)
  return serveFlow(serveProtocol, pair, handlers, {
    ...others,
    // There is no message for failures: a command without a handler closes the connection.
    failure: () => undefined,
    protocol: { storeDir },
    says: { hello: { version: newest } },
  })
}
