import { callback, number, type OptionChecks } from '../../combinators/options.js'
import type { AnyFlow, ObserveOptions, Observer } from '../../conversation/index.js'
import { type BrokenSessionOptions, brokenOptions } from '../../interpreters/conversations/index.js'
import type { ClientSubject, ServerSubject } from './subjects.js'

export interface ConversationLawOptions extends BrokenSessionOptions {
  /** The observer to test. Default: `observe`. */
  readonly subject?: (flow: AnyFlow, options: ObserveOptions) => Observer
  /** The client to test. Default: `connectFlow`. */
  readonly client?: ClientSubject
  /** The server to test. Default: `serveFlow`. */
  readonly server?: ServerSubject
  /** Sessions per law. Default: 100. */
  readonly runs?: number
  /** The seed of all random choices. Default: a random one, which failures report. */
  readonly seed?: number
}

export const conversationLawOptions: OptionChecks<ConversationLawOptions> = {
  ...brokenOptions,
  subject: callback,
  client: callback,
  server: callback,
  runs: number,
  seed: number,
}

/** The options that decide which sessions are generated. */
export const sessionOptionsOf = ({
  subject: _,
  client: _client,
  server: _server,
  runs: _runs,
  seed: _seed,
  ...options
}: ConversationLawOptions): BrokenSessionOptions => options
