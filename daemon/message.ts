import type { Issue } from '../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import { literal } from '../combinators/primitives/fixed.js'
import { struct } from '../combinators/structures/struct.js'
import { Int } from '../grammar/integers.js'
import { LogMessage } from '../grammar/logging.js'
import type { AnyOperation } from '../grammar/operations/operation.js'

interface Messages {
  /** The id and the request: in one, so that a value that cannot be written leaves nothing behind. */
  readonly request: Grammar<{ readonly request: unknown }>
  /** `Last` and the reply, in one for the same reason. */
  readonly answer: Grammar<{ readonly last: LogMessage; readonly reply: unknown }>
}

const known = new WeakMap<AnyOperation, Messages>()

/** An operation is data: of its types no more is known here than that they are the caller's. */
const untyped = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

export const messagesOf = (operation: AnyOperation): Messages => {
  const found = known.get(operation)
  if (found !== undefined) {
    return found
  }
  const { id, name } = operation
  const messages: Messages = {
    request: struct(name, { id: literal(Int, id), request: untyped(operation.request) }),
    answer: struct(`${name}Answer`, { last: LogMessage, reply: untyped(operation.reply) }),
  }
  known.set(operation, messages)
  return messages
}

/** An issue as the user of the operation sees it: beneath the request or the reply. */
export const beneathMessage = (issue: Issue): Issue => ({ ...issue, path: issue.path.slice(1) })

export const replyOf = (operation: AnyOperation): Grammar<unknown> => untyped(operation.reply)
export const requestOf = (operation: AnyOperation): Grammar<unknown> => untyped(operation.request)
