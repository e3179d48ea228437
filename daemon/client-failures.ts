import type { Issue } from '../combinators/issue.js'
import { ConversationError, type Departure, type Interruption } from '../conversation/line/interruption.js'
import type { Line } from '../conversation/line/line.js'
import type { LogError } from '../grammar/logging.js'
import { type DaemonError, type Failure, toError } from './failure.js'
import { beneathKey, violation } from './issues.js'

const isError = (said: unknown): said is LogError =>
  typeof said === 'object' && said !== null && '_tag' in said && said._tag === 'Error'

/** Whether a daemon that closes the connection has sent why. */
export const isFarewell = (_key: string, said: unknown): boolean => isError(said)

/** The daemon's message in place of a reply, as text. */
export const wordsOf = (said: unknown): string => (isError(said) ? said.error.msg : String(said))

const isDeparture = (reason: Interruption): reason is Departure => reason._tag === 'Departure'

/** The failures of a conversation, as those of a client. One reason is one failure for all its calls. */
export class ClientFailures {
  readonly #line: Line
  readonly #known = new WeakMap<Interruption, Issue>()
  /** The last error with which the daemon rejected a call. */
  #refused: string | null = null

  constructor(line: Line) {
    this.#line = line
  }

  /** The daemon's error for a call. */
  refusal({ error }: LogError): DaemonError {
    this.#refused = error.msg
    return { _tag: 'DaemonError', ...error }
  }

  /**
   * Why a call has no result, from the failure of the conversation. `mayEcho`: whether it may be the error of the call
   * before.
   */
  ofCall(failure: unknown, mayEcho: boolean): Failure {
    if (isError(failure)) {
      return this.refusal(failure)
    }
    const reason = failure as Interruption
    const error = isDeparture(reason) ? reason.said.log : null
    return isError(error) && !(mayEcho && error.error.msg === this.#refused)
      ? { _tag: 'DaemonError', ...error.error }
      : this.issue(reason)
  }

  /** Why the connection is over. */
  issue(reason: Interruption): Issue {
    const found = this.#known.get(reason)
    if (found !== undefined) {
      return found
    }
    const made = isDeparture(reason) ? this.#departed(reason) : beneathKey(reason)
    this.#known.set(reason, made)
    return made
  }

  /** The error that the reader of a download gets. */
  thrown(thrown: unknown): unknown {
    return thrown instanceof ConversationError ? toError(this.ofCall(thrown.failure, false)) : thrown
  }

  #departed({ said }: Departure): Issue {
    const words = wordsOf(said.log)
    const actual =
      words === this.#refused
        ? 'the last error once more: the daemon closed the connection after it'
        : `an error in its place: ${words}`
    return violation('an answer to this request', actual, {
      offset: this.#line.ear.feed.offset,
      grammar: 'LogMessage',
    })
  }
}
