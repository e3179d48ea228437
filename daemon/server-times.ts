import type { OptionChecks } from '../combinators/options.js'
import { time } from '../conversation/line/stillness.js'

/** How long a server waits for its client. */
export interface ServeTimes {
  /** How long the handshake may take as a whole, in milliseconds. Default: 30 seconds; 0: no limit. */
  readonly handshakeTimeout?: number
  /**
   * How long the bytes of a request may take to arrive, from the first to the last, in milliseconds; and how long nothing
   * may come of an upload that is waited for. Default: 5 minutes; 0: no limit.
   */
  readonly requestTimeout?: number
  /**
   * How long nothing may move while the client is waited for, in milliseconds: to ask for something, or to take what it is
   * told. The time that a handler takes does not count. Default: one hour, since clients keep connections for later;
   * 0: no limit.
   */
  readonly idleTimeout?: number
}

/** How each is checked. */
export const serveTimes: OptionChecks<ServeTimes> = {
  handshakeTimeout: time,
  requestTimeout: time,
  idleTimeout: time,
}

const defaultHandshakeTimeout = 30_000
const defaultRequestTimeout = 5 * 60_000
const defaultIdleTimeout = 60 * 60_000

/** The same with the defaults. */
export const timesOf = ({ handshakeTimeout, requestTimeout, idleTimeout }: ServeTimes) => ({
  handshake: handshakeTimeout ?? defaultHandshakeTimeout,
  request: requestTimeout ?? defaultRequestTimeout,
  idle: idleTimeout ?? defaultIdleTimeout,
})
