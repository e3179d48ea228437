import { isSome } from 'fp-ts/lib/Option.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import { streamOf } from '../grammar/operations/operation.js'
import type { Conversation } from './conversation.js'
import type { OperationEvent, Side } from './events.js'

/** An issue, and what is known around it. */
export interface Found {
  readonly talk: Conversation
  readonly side: Side
  readonly issue: Issue
  /** Whether the place is lost. */
  readonly fatal: boolean
  /** What stands at the issue's offset, as far as it is still there. */
  readonly bytes: Uint8Array
}

/** Says what may have led to an issue; null where the rule has nothing to say. */
export type Rule = (found: Found) => string | null

export const nameOf = ({ id, operation }: Pick<OperationEvent, 'id' | 'operation'>): string =>
  isSome(operation) ? operation.value.name : `operation ${id}`

export const hadUpload = ({ operation, protocol }: OperationEvent): boolean =>
  isSome(operation) && streamOf(operation.value, protocol)?.direction === 'upload'

/** Where in a log, be it that of an operation or of the handshake: the message's index, and the path inside it. */
export const placeInLog = ({
  path,
}: Issue): { readonly index: number; readonly inside: FieldPath } | null => {
  const [head, index, ...inside] = path[0] === 'handshake' ? path.slice(1) : path
  return head === 'log' && typeof index === 'number' ? { index, inside } : null
}
