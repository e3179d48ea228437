import type { Limits, Profile } from '../../combinators/limits.js'
import {
  signal as abortSignal,
  callback,
  elsewhere,
  flag,
  type OptionChecks,
  usual,
} from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { time } from '../line/stillness.js'

export interface ServeOptions {
  /** What is known of the protocol before the first word. */
  readonly protocol?: Partial<Protocol>
  readonly profile?: Profile
  /** What a message may take; bytes that flow have no limit, nor need they memory. */
  readonly limits?: Partial<Limits>
  /** Whether code may be generated. Default: where it is allowed. */
  readonly evaluate?: boolean
  /**
   * What is said for a handler that throws, or a case without a handler: a failure, as a handler gives it as a left. Without
   * it, and where a turn has no words for a failure, the server breaks off.
   */
  readonly failure?: (thrown: unknown, chosen: string) => unknown
  /** What is said when it breaks off, by key, where the flow has words for that; `reason`: an issue, or what was thrown. */
  readonly departs?: (reason: unknown) => { readonly [key: string]: unknown }
  /** How long nothing may move where the client is waited for, in milliseconds. Default: 0, no limit. */
  readonly timeout?: number
  /** Gives the connection up, whatever it does. */
  readonly signal?: AbortSignal
}

export const serveChecks: OptionChecks<ServeOptions & { readonly says?: object }> = {
  protocol: usual.protocol,
  profile: usual.profile,
  limits: usual.limits,
  evaluate: flag,
  failure: callback,
  departs: callback,
  timeout: time,
  signal: abortSignal,
  says: elsewhere,
}
