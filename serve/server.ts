import type { Either } from 'fp-ts/lib/Either.js'
import type { OptionChecks } from '../combinators/options.js'
import type { Interruption } from '../conversation/line/interruption.js'
import type { BytesPair } from '../conversation/line/streams.js'
import type { HandlersOf } from '../conversation/methods.js'
import { serveChecks } from '../conversation/server/options.js'
import { serveFlow } from '../conversation/server/serve-flow.js'
import { serveProtocol } from './flow.js'
import { type ServeSideOptions, sideOptionsOf } from './options.js'

/** What a server does for each command that it has. */
export type ServeHandlers = HandlersOf<typeof serveProtocol>

export interface ServeStoreOptions extends ServeSideOptions {
  /** How long a client may be silent inside a command, in milliseconds. Default: 0, no limit. */
  readonly timeout?: number
  /** Gives the connection up, whatever it does. */
  readonly signal?: AbortSignal
}

const checks: OptionChecks<Omit<ServeStoreOptions, keyof ServeSideOptions>> = {
  timeout: serveChecks.timeout,
  signal: serveChecks.signal,
}

/**
 * Serves one connection of the serve protocol over any pair of Web Streams, such as the standard input and output of a program
 * that `ssh` starts; {@link connectServe} has an example.
 *
 * A handler is given what the client says, and gives the answer. The protocol has no words for a failure: where a handler
 * throws, or there is none, the connection is closed, and it is for the program to say why on its stderr.
 *
 * Resolves when the connection is over: right if the client left between two commands, else what was wrong.
 *
 * @throws TypeError for a handler of no command; RangeError or TypeError for options that cannot work.
 */
export const serveStore = (
  pair: BytesPair,
  handlers: ServeHandlers,
  options: ServeStoreOptions = {},
): Promise<Either<Interruption, void>> => {
  const { newest, storeDir, others } = sideOptionsOf('serveStore', checks, options)
  return serveFlow(serveProtocol, pair, handlers, {
    ...others,
    protocol: { storeDir },
    says: { hello: { version: newest } },
  })
}
