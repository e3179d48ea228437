import { duplexPair } from 'node:stream'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { promises } from '../../daemon/client.js'
import type { Client } from '../../daemon/client-types.js'
import type { ConnectOptions } from '../../daemon/connect-options.js'
import { type ServeOptions, serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import type { operations } from '../../grammar/operations/index.js'
import { longest } from '../support/waiting.js'

interface Joined {
  readonly client: Client<typeof operations>
  /** How the connection ended for the server. */
  readonly served: Promise<Either<Issue, void>>
}

/** Our client and our server, connected directly. */
export const joined = async (
  handlers: Handlers<typeof operations>,
  options: ConnectOptions = {},
  serveOptions: ServeOptions = {},
): Promise<Joined> => {
  const [here, there] = duplexPair()
  const served = serve(there, handlers, serveOptions)
  return { client: await promises.connect(here, { timeout: longest, ...options }), served }
}
