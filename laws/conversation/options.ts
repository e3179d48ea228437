import { callback, number, type OptionChecks } from '../../combinators/options.js'
import type { AnyFlow, ObserveOptions, Observer } from '../../conversation/index.js'
import { type BrokenSessionOptions, brokenOptions } from '../../interpreters/conversations/index.js'
import type { ClientSubject, ServerSubject } from './subjects.js'

export interface ConversationLawOptions extends BrokenSessionOptions {
  /** What observes, and obeys the laws or does not. Default: `observe`. */
  readonly subject?: (flow: AnyFlow, options: ObserveOptions) => Observer
  /** What speaks for the client. Default: `connectFlow`. */
  readonly client?: ClientSubject
  /** What speaks for the server. Default: `serveFlow`. */
  readonly server?: ServerSubject
  /** Sessions per law. Default: 100. */
  readonly runs?: number
  /** What the random choices follow from. Default: another one each time, which a failure reports. */
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

/** Those options that say which sessions there are. */
export const sessionOptionsOf = ({
  subject: _,
  client: _client,
  server: _server,
  runs: _runs,
  seed: _seed,
  ...options
}: ConversationLawOptions): BrokenSessionOptions => options
