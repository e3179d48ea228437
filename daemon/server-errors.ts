import { holds, since } from '../combinators/gate.js'
import { showIssue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { isIssue } from '../conversation/line/interruption.js'
import type { LogError } from '../grammar/logging.js'
import { type DaemonError, daemonError, Refusal, toDaemonError } from './failure.js'

/** The message of a server for a handler that throws; undefined: it breaks off. */
export const saidFailure = (thrown: unknown, agreed: Partial<Protocol>): LogError | undefined =>
  thrown instanceof Refusal ? undefined : errorOf(toDaemonError(thrown), agreed)

/** The message with which it breaks off, like a daemon: its error twice. */
export const saidDeparture = (reason: unknown, agreed: Partial<Protocol>) => {
  const error = errorOf(isIssue(reason) ? daemonError(showIssue(reason)) : toDaemonError(reason), agreed)
  return { log: [error, error] }
}

/** Each form of an error lacks fields that the other has. */
const errorOf = ({ level, msg, exitStatus, traces }: DaemonError, agreed: Partial<Protocol>): LogError => ({
  _tag: 'Error',
  error: holds(since('1.26'), agreed as Protocol)
    ? { level, msg, exitStatus: 1, traces }
    : { level: 'Error', msg, exitStatus, traces: [] },
})
