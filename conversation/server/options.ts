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

/** The options of a server. `F`: what the client can be told of an error. */
export interface ServeFlowOptions<F = unknown> {
  /** The parts of the protocol that are known before the first message. */
  readonly protocol?: Partial<Protocol>
  readonly profile?: Profile
  /** The limits of a message. Uploads and downloads have no limit, and take no memory. */
  readonly limits?: Partial<Limits>
  /** Allows code to be generated; see `CompileOptions` of nix-wire. Default: true, unless the platform forbids it. */
  readonly evaluate?: boolean
  /**
   * The failure to send if a handler throws, or if a case has no handler; one that a handler could return as Left. The
   * server breaks off if this option is missing or returns undefined, and if the turn has no message for failures.
   */
  readonly failure?: (thrown: unknown, chosen: string, protocol: Partial<Protocol>) => F
  /**
   * The messages to send when the server breaks off, by key, if the flow provides for that ({@link unless}). `reason`
   * is an issue, or what was thrown.
   */
  readonly departs?: (reason: unknown, protocol: Partial<Protocol>) => { readonly [key: string]: unknown }
  /** The longest time before the first turn, in milliseconds. Default: 0, no limit. */
  readonly openingTimeout?: number
  /**
   * The longest time for the client's messages of a turn, from the first byte to the last, in milliseconds; and the
   * longest time without progress in an upload that is being read. Default: 0, no limit.
   */
  readonly turnTimeout?: number
  /** The longest time without progress while the server waits for the client, in milliseconds. Default: 0, no limit. */
  readonly timeout?: number
  /** Aborts the connection, whatever it is doing. */
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

/** Further settings of the bindings. */
export interface ServeSettings extends ServeFlowOptions {
  /**
   * Receives the client's messages before the turns; an error that it throws with an issue ends the conversation.
   */
  readonly hears?: (key: string, value: unknown) => void
  /** The limit of bytes of a message before the turns. */
  readonly openingMessage?: number
  /**
   * Adds details to an issue; the bytes begin at its offset, and are empty for an issue of this side's own messages.
   */
  readonly explain?: (issue: Issue, bytes: Uint8Array) => Issue
  /** The names of the time limits, in issues. */
  readonly names?: { readonly opening: string; readonly turn: string }
  /** Aborted when the connection is over. */
  readonly over?: AbortController
}
