import type { Issue } from '../combinators/issue.js'
import { leadingText } from '../combinators/leading-text.js'
import { type HandshakeRefusal, showHandshakeRefusal } from '../grammar/negotiation.js'
import type { Failure } from './failure.js'
import { foreignAt, toldText } from './foreign.js'
import type { Link } from './link.js'
import { isConnectError, unreachable } from './unreachable.js'

/** A version that this side does not speak. */
export const refusedVersion = (refusal: HandshakeRefusal, what: string): Issue => ({
  _tag: 'InvalidValue',
  offset: 8,
  path: ['version'],
  expected: 'a version of the protocol that both sides speak',
  actual: `${refusal.version}: ${showHandshakeRefusal(refusal)}`,
  grammar: what,
})

/** Whether a stream has ended. */
const isBrokenOff = ({ _tag }: Issue): boolean =>
  _tag === 'UnexpectedEnd' || _tag === 'SourceFailed' || _tag === 'SinkFailed'

/** The text that has come, however short it is, if nothing else has. */
const shortText = ({ reader }: Link): string | null => {
  const text = leadingText(reader.buffer)
  return text === null ? null : `the other side sent text: ${toldText(text)}`
}

/** How the other side ended the connection. */
const farewell = ({ reader, protocol, ending }: Link): string => {
  const heard =
    reader.offset + reader.buffer.length === 0 ? 'without a word' : 'in the middle of the handshake'
  return ending === null
    ? `the other side closed the connection ${heard}: ` +
        `it may not let this user in, or not speak version ${protocol.version}`
    : `${ending} ${heard}`
}

/** An issue of the handshake, and what it comes from. */
export type ExplainedIssue = Issue & {
  /** What the other side did or said; `actual` ends with it too. */
  readonly notes: ReadonlyArray<string>
}

/**
 * What went wrong in the handshake, and what the other side may be if it is no peer: a web server, a shell that greets,
 * a program that could not start.
 */
export const explained = (issue: Issue, link: Link): ExplainedIssue => {
  if ('cause' in issue && isConnectError(issue.cause)) {
    return unreachable(issue.cause)
  }
  const { aside } = link
  const known = foreignAt(issue, link.reader.bytesFrom(issue.offset))
  const heard = known ?? shortText(link) ?? (isBrokenOff(issue) ? farewell(link) : null)
  const notes = [...(heard === null ? [] : [heard]), ...(aside === '' ? [] : [`it said: ${toldText(aside)}`])]
  // What stands in the place of the protocol has been noted already.
  const more = known === null ? notes : notes.slice(1)
  return { ...issue, notes, actual: [issue.actual, ...more].join('; ') }
}

/** What is behind a connection that could not be made, in words; empty where nothing is known. */
export const notesOf = (failure: Failure): ReadonlyArray<string> =>
  'notes' in failure ? (failure as ExplainedIssue).notes : []
