import { none, type Option } from 'fp-ts/lib/Option.js'
import type { Error as ErrorPayload } from '../grammar/error.js'
import type { SessionMessage } from './events.js'

/** What the daemon said up to the reply. */
export interface Log {
  readonly messages: Array<SessionMessage>
  omitted: number
  /** How many bytes those messages took that are kept. */
  bytes: number
  /** None where the log ended with `Last`. */
  error: Option<ErrorPayload>
}

export const emptyLog = (): Log => ({ messages: [], omitted: 0, bytes: 0, error: none })
