import { holds, since } from '../combinators/gate.js'
import { showIssue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { ConversationError, isIssue } from '../conversation/line/interruption.js'
import type { LogError } from '../grammar/logging.js'
import { type DaemonError, daemonError, Refusal, toDaemonError } from './failure.js'

/**
 * The message of a server for the handler of an operation that throws, or returns a reply that cannot be sent;
 * undefined: it breaks off.
 */
export const saidFailure = (
  thrown: unknown,
  name: string,
  agreed: Partial<Protocol>,
): LogError | undefined =>
  thrown instanceof Refusal
    ? undefined
    : errorOf(isOfReply(thrown) ? daemonError(badReply(name, thrown)) : toDaemonError(thrown), agreed)

/** An issue of what the handler returned, which names only the grammar. */
const isOfReply = (thrown: unknown): thrown is ConversationError =>
  thrown instanceof ConversationError && isIssue(thrown.failure) && thrown.failure.path[0] === 'reply'

const badReply = (name: string, { message }: ConversationError): string =>
  `the handler of ${name} returned what cannot be sent: ${message}`

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
