import { mostAtOnce } from '../machine/blob.js'
import { mostOf } from '../machine/says.js'
import type { Scope } from '../machine/scope.js'
import type { Talk } from '../machine/talk.js'
import type { SaysNode } from '../node.js'

/** A message with the next piece in it; null after the last. */
export function* pieceOf(node: SaysNode, scope: Scope): Talk<unknown> {
  const { pieces } = scope
  if (pieces?.next == null) {
    return null
  }
  const most = mostOf(node, scope)
  const chunk = yield* pieces.next(Math.min(most, mostAtOnce))
  if (chunk === null) {
    return null
  }
  const [, ...fields] = pieces.way.of
  return fields.reduceRight<unknown>(
    (inside, field, at) => ({ ...(at === 0 ? pieces.way.wrapped : {}), [field]: inside }),
    chunk,
  )
}
