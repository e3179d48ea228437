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
import { show } from '../../combinators/show.js'
import { time } from '../line/stillness.js'
import type { FlowCallOptions } from '../methods.js'

export interface ConnectFlowOptions {
  /** The parts of the protocol that are known before the first message. */
  readonly protocol?: Partial<Protocol>
  readonly profile?: Profile
  /** The limits of a message. Uploads and downloads have no limit, and take no memory. */
  readonly limits?: Partial<Limits>
  /** Allows code to be generated; see `CompileOptions` of nix-wire. Default: true, unless the platform forbids it. */
  readonly evaluate?: boolean
  /**
   * Is called with every message of a `speech`, in any turn. If it returns a promise, the next message waits until
   * that is settled.
   */
  readonly hear?: (key: string, value: unknown, chosen: string | null) => void | Promise<void>
  /** The most calls in flight; others wait. Default: 64. */
  readonly most?: number
  /**
   * The longest time without progress in a call, or before its turn, in milliseconds; see {@link FlowCallOptions}.
   * Default: 0, no limit.
   */
  readonly timeout?: number
  /** The longest time without progress before the first turn, in milliseconds. Default: 0, no limit. */
  readonly openingTimeout?: number
  /** Aborts the connection, whatever it is doing. */
  readonly signal?: AbortSignal
}

/** How many calls may be in flight by default. */
export const defaultMost = 64

const most = (what: string, value: unknown): void => {
  if (!(typeof value === 'number' && value >= 1)) {
    throw new RangeError(`${what} must be a number of calls, at least 1, not ${show(value)}`)
  }
}

export const connectChecks: OptionChecks<ConnectFlowOptions & { readonly says?: object }> = {
  protocol: usual.protocol,
  profile: usual.profile,
  limits: usual.limits,
  evaluate: flag,
  hear: callback,
  most,
  timeout: time,
  openingTimeout: time,
  signal: abortSignal,
  says: elsewhere,
}

export const callChecks: OptionChecks<FlowCallOptions> = { signal: abortSignal, timeout: time }

/** Further settings of the bindings. */
export interface ConnectSettings extends ConnectFlowOptions {
  /**
   * Receives the server's messages before the turns; an error that it throws with an issue ends the conversation.
   */
  readonly hears?: (key: string, value: unknown) => void
  /** The limit of bytes of a message before the turns. */
  readonly openingMessage?: number
  /** Adds details to an issue in received bytes; the bytes begin at its offset. */
  readonly explain?: (issue: Issue, bytes: Uint8Array) => Issue
  /** Whether the server's departure is complete with this message: then its end is not awaited. */
  readonly isFarewell?: (key: string, value: unknown) => boolean
  /** A failure as text, for the reason of a connection that ends after it. */
  readonly words?: (failure: unknown) => string
}
