import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { Interruption } from '../conversation/line/interruption.js'
import { isIssue } from '../conversation/line/interruption.js'
import { acceptClient, type SupportedVersions } from '../grammar/negotiation.js'
import { IssueError } from '../stream/issue-error.js'
import { Refusal } from './failure.js'
import { noted } from './foreign.js'
import { refusedVersion } from './handshake-issue.js'
import { beneathKey, violation } from './issues.js'

/** An issue as the user of a server sees it; `bytes`: the bytes of the client at its offset. */
export const servedIssue = (found: Issue, bytes: Uint8Array): Issue => {
  return noted(found.path[0] === 'operation' ? ofOperation(found) : beneathKey(found), bytes)
}

const ofOperation = (issue: Issue): Issue => ({
  ...beneathKey(issue),
  ...(issue._tag === 'UnknownTag'
    ? { expected: 'an operation of this protocol', grammar: 'operations' }
    : {}),
})

/**
 * @throws IssueError for a version that is not spoken here. Before the log there is no way to send the reason.
 */
export const expectVersion = (version: ProtocolVersion, supported: SupportedVersions): void => {
  const agreed = acceptClient(version, supported)
  if (isLeft(agreed)) {
    const issue = refusedVersion(agreed.left, 'ClientHello')
    throw new IssueError({ ...issue, path: ['version', ...issue.path] })
  }
}

/** The issue of a server for the end of a conversation. */
export const endIssue = (reason: Interruption): Issue => {
  if (!isIssue(reason)) {
    return violation('the messages of a client', 'those of a departure', { offset: 0, grammar: 'connection' })
  }
  return 'cause' in reason && reason.cause instanceof Refusal ? refused(reason.cause, reason) : reason
}

const refused = ({ message }: Refusal, { offset }: Issue): Issue => ({
  _tag: 'InvalidValue',
  offset,
  path: [],
  expected: 'a request that the handler takes',
  actual: `one that it refused: ${message}`,
  grammar: 'operations',
})
