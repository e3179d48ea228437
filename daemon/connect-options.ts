import { expectNames } from '../combinators/expect.js'
import { signal as abortSignal, callback, type OptionChecks, version, words } from '../combinators/options.js'
import { show } from '../combinators/show.js'
import { connectChecks } from '../conversation/client/options.js'
import { time } from '../conversation/line/stillness.js'
import type { SupportedVersions } from '../grammar/negotiation.js'
import type { SetOptionsRequest } from '../grammar/operations/set-options.js'
import type { OperationTable, operations } from '../grammar/operations/table.js'
import { operationTable } from '../grammar/operations/table-option.js'
import type { OnLog } from './log.js'
import { defaultSettings } from './settings.js'
import { type SideOptions, sideOptions } from './side-options.js'

export interface ConnectOptions<T extends OperationTable = typeof operations>
  extends SideOptions,
    SupportedVersions {
  /** The operations that the client has methods for. Default: those of Nix. */
  readonly operations?: T
  /** The features to name. Default: those of Nix 2.36. */
  readonly features?: ReadonlyArray<string>
  /**
   * The settings that SetOptions sends after the handshake; missing ones are as `nix` sends them. With false no
   * SetOptions is sent.
   */
  readonly settings?: Partial<SetOptionsRequest> | false
  /** Is called with each log line of all calls, and of the handshake. */
  readonly onLog?: OnLog
  /** The most calls in flight; others wait. Default: 64. */
  readonly most?: number
  /**
   * The longest time without progress in a call, or before its turn, in milliseconds; see {@link CallOptions}.
   * Default: 0, no limit.
   */
  readonly timeout?: number
  /** The longest time without progress in the handshake, in milliseconds. Default: 30 seconds; 0: no limit. */
  readonly handshakeTimeout?: number
  /**
   * The most connections, 1 to 256; they are opened as calls need them. More than 1 needs a socket or a program as
   * the target. Default: 1.
   */
  readonly connections?: number
  /** Aborts the connection, whatever it is doing. */
  readonly signal?: AbortSignal
}

const mostConnections = 256

/** @throws RangeError for an invalid number of connections. */
const connectionCount = (what: string, value: unknown): void => {
  if (!(Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostConnections)) {
    throw new RangeError(`${what} must be an integer from 1 to ${mostConnections}, not ${show(value)}`)
  }
}

/** How the options of `connect` are checked. */
export const connectOptions: OptionChecks<ConnectOptions> = {
  ...sideOptions,
  newest: version,
  oldest: version,
  operations: operationTable,
  features: words,
  settings: (what, value) => {
    if (value !== false) {
      expectNames(what, value, 'setting', Object.keys(defaultSettings))
    }
  },
  onLog: callback,
  most: connectChecks.most,
  timeout: time,
  handshakeTimeout: time,
  connections: connectionCount,
  signal: abortSignal,
}
