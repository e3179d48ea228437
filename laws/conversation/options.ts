import { callback, number, type OptionChecks } from '../../combinators/options.js'
import type { AnyFlow, ObserveOptions, Observer } from '../../conversation/index.js'
import { type BrokenSessionOptions, brokenOptions } from '../../interpreters/conversations/index.js'

export interface ConversationLawOptions extends BrokenSessionOptions {
  /** What obeys the laws, or does not. Default: `observe`. */
  readonly subject?: (flow: AnyFlow, options: ObserveOptions) => Observer
  /** Sessions per law. Default: 100. */
  readonly runs?: number
  /** What the random choices follow from. Default: another one each time, which a failure reports. */
  readonly seed?: number
}

export const conversationLawOptions: OptionChecks<ConversationLawOptions> = {
  ...brokenOptions,
  subject: callback,
  runs: number,
  seed: number,
}

/** Those options that say which sessions there are. */
export const sessionOptionsOf = ({
  subject: _,
  runs: __,
  seed: ___,
  ...options
}: ConversationLawOptions): BrokenSessionOptions => options
