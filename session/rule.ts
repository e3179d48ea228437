import { isSome } from 'fp-ts/lib/Option.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import { streamOf } from '../grammar/operations/operation.js'
import type { Conversation } from './conversation.js'
import type { OperationEvent, Side } from './events.js'
import type { Attempt } from './trail.js'

/** An issue, and its context. */
export interface Found {
  readonly talk: Conversation
  readonly side: Side
  readonly issue: Issue
  /** Whether reading cannot go on. */
  readonly fatal: boolean
  /** The bytes at the issue's offset, as far as they are still there. */
  readonly bytes: Uint8Array
}

/** Guesses at the cause of an issue; null if the rule does not apply. */
export type Rule = (found: Found) => string | null

export const nameOf = ({ id, operation }: Pick<OperationEvent, 'id' | 'operation'>): string =>
  isSome(operation) ? operation.value.name : `operation ${id}`

export const hadUpload = ({ operation, protocol }: OperationEvent): boolean =>
  isSome(operation) && streamOf(operation.value, protocol)?.direction === 'upload'

/** The value that an issue ends; null if it is none of the conversation itself, but the content of a stream. */
export const endedBy = ({ talk, side, issue }: Found): Attempt | null => {
  const { latest } = side === 'client' ? talk.clientTrail : talk.serverTrail
  const isElsewhere = issue.path[0] === 'upload' || issue.path[0] === 'download'
  return isElsewhere || latest === null || latest.kind === 'greeting' || latest.start > issue.offset
    ? null
    : latest
}

/** The name of a value. */
export const partOf = ({ kind, during }: Attempt, side: Found['side']): string => {
  const name = isSome(during) ? during.value : 'the session'
  switch (kind) {
    case 'greeting':
      return `what the ${side === 'client' ? 'client' : 'daemon'} says in the handshake`
    case 'request':
      return `the request of ${name}`
    case 'message':
      return `a log message of ${name}`
    case 'reply':
      return `the reply to ${name}`
  }
}

/** The place in a log, of an operation or of the handshake: the message's index, and the path inside it. */
export const placeInLog = ({
  path,
}: Issue): { readonly index: number; readonly inside: FieldPath } | null => {
  const [head, index, ...inside] = path[0] === 'handshake' ? path.slice(1) : path
  return head === 'log' && typeof index === 'number' ? { index, inside } : null
}
