import type { FlowNode } from '../node.js'
import { leftNow } from './branch.js'
import { notYet } from './feed.js'
import { hearWordNow, sayWordNow } from './says.js'
import type { Exit, Scope } from './scope.js'

/**
 * Follows a node if nothing is to be waited for; else nothing is done. Most messages have come, and talks for each take
 * longer than to read it.
 */
export const runNow = (node: FlowNode, scope: Scope): Exit | typeof notYet => {
  if (!scope.rest) {
    return notYet
  }
  switch (node._tag) {
    case 'says': {
      const voice = scope.voices[node.side]
      return voice === null ? hearWordNow(node, scope) : sayWordNow(node, scope, voice)
    }
    case 'branch':
      return leftNow(node, scope)
    default:
      return notYet
  }
}
