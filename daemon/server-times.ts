import type { OptionChecks } from '../combinators/options.js'
import { time } from '../conversation/line/stillness.js'

/** The time limits of a server. */
export interface ServeTimes {
  /** The longest time for the whole handshake, in milliseconds. Default: 30 seconds; 0: no limit. */
  readonly handshakeTimeout?: number
  /**
   * The longest time from the first to the last byte of a request, in milliseconds; and the longest time without
   * progress in an upload that is being read. Default: 5 minutes; 0: no limit.
   */
  readonly requestTimeout?: number
  /**
   * The longest time without progress while the server waits for the client to send a request or to read an answer,
   * in milliseconds. The time of handlers does not count. Default: one hour, since clients keep idle connections; 0:
   * no limit.
   */
  readonly idleTimeout?: number
}

/** How each time is checked. */
export const serveTimes: OptionChecks<ServeTimes> = {
  handshakeTimeout: time,
  requestTimeout: time,
  idleTimeout: time,
}

const defaultHandshakeTimeout = 30_000
const defaultRequestTimeout = 5 * 60_000
const defaultIdleTimeout = 60 * 60_000

/** The times with their defaults. */
export const timesOf = ({ handshakeTimeout, requestTimeout, idleTimeout }: ServeTimes) => ({
  handshake: handshakeTimeout ?? defaultHandshakeTimeout,
  request: requestTimeout ?? defaultRequestTimeout,
  idle: idleTimeout ?? defaultIdleTimeout,
})
