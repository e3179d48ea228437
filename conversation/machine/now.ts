import type { FlowNode } from '../node.js'
import { leftNow } from './branch.js'
import { notYet } from './feed.js'
import { hearWordNow, sayWordNow } from './says.js'
import type { Exit, Scope } from './scope.js'

/**
 * Follows a node if nothing has to be awaited; otherwise does nothing. Most messages have arrived, and a talk for each
 * takes longer than reading it.
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
