import { none, type Option } from 'fp-ts/lib/Option.js'
import type { Error as ErrorPayload } from '../grammar/error.js'
import type { SessionMessage } from './events.js'

/** The messages of the daemon before the reply. */
export interface Log {
  readonly messages: Array<SessionMessage>
  omitted: number
  /** The size of the kept messages. */
  bytes: number
  /** None if the log ended with `Last`. */
  error: Option<ErrorPayload>
}

export const emptyLog = (): Log => ({ messages: [], omitted: 0, bytes: 0, error: none })
