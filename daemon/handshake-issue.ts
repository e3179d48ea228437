import type { Issue } from '../combinators/issue.js'
import { type HandshakeRefusal, showRefusal } from '../grammar/negotiation.js'
import type { Link } from './link.js'

/** A version that this side does not speak. */
export const refusedVersion = (refusal: HandshakeRefusal, what: string): Issue => ({
  _tag: 'InvalidValue',
  offset: 8,
  path: ['version'],
  expected: 'a version of the protocol that both sides speak',
  actual: `${refusal.version}: ${showRefusal(refusal)}`,
  grammar: what,
})

const shownText = 120

/** The beginning of what arrived, where it is text. */
const textOf = (bytes: Uint8Array): string | null => {
  const text = Buffer.from(bytes.subarray(0, shownText)).toString('latin1')
  // The magic of a daemon is four letters and four zeros.
  return text.length > 0 && /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : null
}

/** Whether this is a stream that ended, and not one that was never there. */
const isBrokenOff = (issue: Issue): boolean => {
  switch (issue._tag) {
    case 'UnexpectedEnd':
      return true
    case 'SourceFailed':
    case 'SinkFailed':
      return !(issue.cause instanceof Error && 'syscall' in issue.cause && issue.cause.syscall === 'connect')
    default:
      return false
  }
}

/**
 * What went wrong in the handshake, and what the other side may be if it is no peer: a web server, a shell that greets,
 * a program that could not start.
 */
export const explained = (issue: Issue, link: Link): Issue => {
  const { firstBytes, aside, protocol } = link
  const text = textOf(firstBytes)
  const heard = firstBytes.length === 0 ? 'without a word' : 'in the middle of the handshake'
  const notes = [
    ...(text === null ? [] : [`the other side sent text: ${JSON.stringify(text)}`]),
    ...(text === null && isBrokenOff(issue)
      ? [
          `the other side closed the connection ${heard}: ` +
            `it may not let this user in, or not speak version ${protocol.version}`,
        ]
      : []),
    ...(aside === '' ? [] : [`it said: ${JSON.stringify(aside)}`]),
  ]
  return notes.length === 0 ? issue : { ...issue, actual: [issue.actual, ...notes].join('; ') }
}
