import type { Issue } from '../combinators/issue.js'
import { showIssue } from '../combinators/issue.js'
import type { Error as ErrorPayload } from '../grammar/error.js'
import { IssueError } from '../stream/issue-error.js'

/** What the daemon answered instead of a reply. Unless it closes the connection itself, the connection goes on. */
export interface DaemonError extends ErrorPayload {
  readonly _tag: 'DaemonError'
}

/**
 * Why a call has no result: the daemon said so, or something is wrong with the bytes, the value or the connection.
 * They are told apart by `_tag`.
 */
export type Failure = DaemonError | Issue

/**
 * An error in the form a daemon sends: of level `Error`, without traces.
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

/** What a promise rejects with where the daemon answered an error; what a handler throws to answer one. */
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
 * Thrown by a handler that refuses the request itself. A daemon does so where it cannot read a request: the error is
 * sent twice, and the connection closed.
 */
export class Refusal extends RemoteError {
  constructor(error: DaemonError | string) {
    super(error)
    this.name = 'Refusal'
  }
}

/**
 * A failure in words.
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

/** @internal A failure as what is thrown. */
export const toError = (failure: Failure): RemoteError | IssueError =>
  failure._tag === 'DaemonError' ? new RemoteError(failure) : new IssueError(failure)

/** @internal What was thrown by somebody else's function, as an error to answer. */
export const toDaemonError = (thrown: unknown): DaemonError => {
  if (thrown instanceof RemoteError) {
    return thrown.error
  }
  if (thrown instanceof IssueError && thrown.cause instanceof Error) {
    // A stream that failed: what made it fail says more.
    return toDaemonError(thrown.cause)
  }
  return daemonError(thrown instanceof Error ? thrown.message : String(thrown))
}
