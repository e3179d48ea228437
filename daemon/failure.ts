import type { Issue } from '../combinators/issue.js'
import { showIssue } from '../combinators/issue.js'
import type { Error as ErrorPayload } from '../grammar/error.js'
import { IssueError } from '../stream/issue-error.js'

/** An error of the daemon instead of a reply. The connection goes on, unless the daemon closes it. */
export interface DaemonError extends ErrorPayload {
  readonly _tag: 'DaemonError'
}

/**
 * The reason why a call has no result: an error of the daemon, or an issue of the bytes, the value or the connection.
 * They are distinguished by `_tag`.
 */
export type Failure = DaemonError | Issue

/**
 * Makes an error like those of a daemon: of level `Error`, without traces.
 *
 * ```ts
 * import { daemonError } from 'nix-wire/daemon'
 *
 * daemonError('disk full') // => { _tag: 'DaemonError', level: 'Error', msg: 'disk full', exitStatus: 1, traces: [] }
 * ```
 */
export const daemonError = (msg: string, rest: Partial<ErrorPayload> = {}): DaemonError => ({
  _tag: 'DaemonError',
  level: 'Error',
  exitStatus: 1,
  traces: [],
  ...rest,
  msg,
})

/**
 * A {@link DaemonError} as an exception. Promises of a client reject with it, and a handler throws it to answer with
 * an error.
 */
export class RemoteError extends Error {
  readonly error: DaemonError

  constructor(error: DaemonError | string) {
    const given = typeof error === 'string' ? daemonError(error) : error
    super(given.msg)
    this.name = 'RemoteError'
    this.error = given
  }
}

/**
 * Thrown by a handler that rejects the request itself, as a daemon does if it cannot read a request: the error is
 * sent twice, and the connection is closed.
 */
export class Refusal extends RemoteError {
  constructor(error: DaemonError | string) {
    super(error)
    this.name = 'Refusal'
  }
}

/**
 * A failure as text.
 *
 * ```ts
 * import { daemonError, showFailure } from 'nix-wire/daemon'
 *
 * showFailure(daemonError('disk full')) // => 'the daemon says: disk full'
 * ```
 */
export const showFailure = (failure: Failure): string =>
  failure._tag === 'DaemonError'
    ? [`the daemon says: ${failure.msg}`, ...failure.traces.map(({ hint }) => `  ${hint}`)].join('\n')
    : showIssue(failure)

/** @internal A failure as an error to throw. */
export const toError = (failure: Failure): RemoteError | IssueError =>
  failure._tag === 'DaemonError' ? new RemoteError(failure) : new IssueError(failure)

/** @internal An error thrown by a user's function, as an error to send. */
export const toDaemonError = (thrown: unknown): DaemonError => {
  if (thrown instanceof RemoteError) {
    return thrown.error
  }
  if (thrown instanceof IssueError && thrown.cause instanceof Error) {
    // A stream failed: the cause says more.
    return toDaemonError(thrown.cause)
  }
  return daemonError(thrown instanceof Error ? thrown.message : String(thrown))
}
