import type { Issue } from '../../combinators/issue.js'
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

export interface ServeFlowOptions {
  /** What is known of the protocol before the first word. */
  readonly protocol?: Partial<Protocol>
  readonly profile?: Profile
  /** What a message may take; bytes that flow have no limit, nor need they memory. */
  readonly limits?: Partial<Limits>
  /** Whether code may be generated. Default: where it is allowed. */
  readonly evaluate?: boolean
  /**
   * What is said for a handler that throws, or a case without a handler: a failure, as a handler gives it as a left. Without
   * it, where it gives undefined, and where a turn has no words for a failure, the server breaks off.
   */
  readonly failure?: (thrown: unknown, chosen: string, protocol: Partial<Protocol>) => unknown
  /** What is said when it breaks off, by key, where the flow has words for that; `reason`: an issue, or what was thrown. */
  readonly departs?: (reason: unknown, protocol: Partial<Protocol>) => { readonly [key: string]: unknown }
  /** How long all may take up to the first turn, in milliseconds. Default: 0, no limit. */
  readonly openingTimeout?: number
  /**
   * How long the words of the client in a turn may take, from their first byte to their last, in milliseconds; and how long
   * nothing may come of bytes that flow in and are waited for. Default: 0, no limit.
   */
  readonly turnTimeout?: number
  /** How long nothing may move where the client is waited for, in milliseconds. Default: 0, no limit. */
  readonly timeout?: number
  /** Gives the connection up, whatever it does. */
  readonly signal?: AbortSignal
}

export const serveChecks: OptionChecks<ServeFlowOptions & { readonly says?: object }> = {
  protocol: usual.protocol,
  profile: usual.profile,
  limits: usual.limits,
  evaluate: flag,
  failure: callback,
  departs: callback,
  openingTimeout: time,
  turnTimeout: time,
  timeout: time,
  signal: abortSignal,
  says: elsewhere,
}

/** What bindings set besides. */
export interface ServeSettings extends ServeFlowOptions {
  /** Hears what the client says before the turns; an error that it throws with an issue ends the conversation. */
  readonly hears?: (key: string, value: unknown) => void
  /** How many bytes a message may take before the turns. */
  readonly openingMessage?: number
  /** Says more of an issue; what was heard begins at its offset, and is nothing for an issue of this side's own words. */
  readonly explain?: (issue: Issue, bytes: Uint8Array) => Issue
  /** What the times are of, in issues. */
  readonly names?: { readonly opening: string; readonly turn: string }
  /** Aborted when the connection is over. */
  readonly over?: AbortController
}
