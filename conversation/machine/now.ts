import type { FlowNode } from '../node.js'
import { goesRoundNow } from './branch.js'
import { notYet } from './feed.js'
import { hearWordNow } from './says.js'
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
    case 'says':
      return scope.voices[node.side] === null ? hearWordNow(node, scope) : notYet
    case 'branch':
      return goesRoundNow(node, scope)
    default:
      return notYet
  }
}
