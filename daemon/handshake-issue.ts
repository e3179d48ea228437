import type { Issue } from '../combinators/issue.js'
import { leadingText } from '../combinators/leading-text.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { type HandshakeRefusal, showHandshakeRefusal } from '../grammar/negotiation.js'
import type { Failure } from './failure.js'
import { foreignAt, toldText } from './foreign.js'
import type { Transport } from './transport-types.js'
import { isConnectError, noConnection, unreachable } from './unreachable.js'

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

/** The state of a connection before its first operation. */
export interface Beginning {
  /** The number of bytes that the other side has sent. */
  readonly arrived: number
  /** The unread bytes. */
  readonly unread: Uint8Array
  /** The version of this side, or the negotiated one. */
  readonly version: ProtocolVersion
  readonly transport: Transport
  bytesFrom(offset: number): Uint8Array
}

/** The text that has come, however short, if nothing else has. */
const shortText = ({ unread }: Beginning): string | null => {
  const text = leadingText(unread)
  return text === null ? null : `the other side sent text: ${toldText(text)}`
}

/** How the other side ended the connection. */
const farewell = ({ arrived, version, transport }: Beginning): string => {
  const heard = arrived === 0 ? 'without a word' : 'in the middle of the handshake'
  const ending = transport.ending?.() ?? null
  return ending === null
    ? `the other side closed the connection ${heard}: ` +
        `it may reject this user, or not support version ${version}`
    : `${ending} ${heard}`
}

/** An issue of the handshake, and its cause. */
export type ExplainedIssue = Issue & {
  /** What the other side did or sent; `actual` ends with it too. */
  readonly notes: ReadonlyArray<string>
}

/**
 * What went wrong in the handshake, and what the other side may be if it is not a peer: a web server, a shell with a
 * banner, a program that could not start.
 */
export const explained = (issue: Issue, beginning: Beginning): ExplainedIssue => {
  if ('cause' in issue && isConnectError(issue.cause)) {
    return unreachable(issue.cause)
  }
  const unstarted = beginning.arrived === 0 && isBrokenOff(issue) ? beginning.transport.unstarted?.() : null
  if (unstarted) {
    return noConnection(unstarted.note, unstarted.cause)
  }
  const aside = beginning.transport.aside?.() ?? ''
  const known = foreignAt(issue, beginning.bytesFrom(issue.offset))
  const heard = known ?? shortText(beginning) ?? (isBrokenOff(issue) ? farewell(beginning) : null)
  const notes = [...(heard === null ? [] : [heard]), ...(aside === '' ? [] : [`it said: ${toldText(aside)}`])]
  // The issue itself shows what is in place of the protocol.
  const more = known === null ? notes : notes.slice(1)
  return { ...issue, notes, actual: [issue.actual, ...more].join('; ') }
}

/** The cause of a failed connection, in words; empty if it is not known. */
export const notesOf = (failure: Failure): ReadonlyArray<string> =>
  'notes' in failure ? (failure as ExplainedIssue).notes : []
