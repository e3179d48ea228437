import { holds } from '../../combinators/gate.js'
import type { Agreed } from '../../combinators/protocol.js'
import type { FlowNode } from '../node.js'
import { agreeOn } from './agree.js'
import { hearAtOnce } from './at-once.js'
import { hearBlob } from './blob.js'
import { hearBranch } from './branch.js'
import { hearFrames } from './frames.js'
import { hearLoop } from './loop.js'
import { hearPieces } from './pieces.js'
import { hearWord } from './says.js'
import { closed, type Exit, type Scope } from './scope.js'
import type { Talk } from './talk.js'
import { hearUnless } from './unless.js'

/**
 * Hears what a flow says is said. It waits for bytes alone, and for nothing but those that come next: so what it tells does
 * not depend on how they come.
 */
export function* run(node: FlowNode, scope: Scope): Talk<Exit> {
  switch (node._tag) {
    case 'says':
      return yield* hearWord(node, scope)
    case 'sequence':
      for (const part of node.parts) {
        const exit = yield* run(part, scope)
        if (exit !== null) {
          return exit
        }
      }
      return null
    case 'branch':
      return yield* hearBranch(node, scope, run)
    case 'gated': {
      const { gate, flow, otherwise } = node
      return yield* run(holds(gate, scope.host.plans.protocol as Agreed) ? flow : otherwise, scope)
    }
    case 'agree':
      return agreeOn(node, scope)
    case 'loop':
      return yield* hearLoop(node, scope, run)
    case 'again':
      return node.loop
    case 'atOnce':
      return yield* hearAtOnce(node, scope, run)
    case 'blob':
      return yield* hearBlob(node, scope)
    case 'carried':
      return yield* node.way._tag === 'frames'
        ? hearFrames(node, node.way, scope, run)
        : hearPieces(node, node.way, scope, run)
    case 'unless':
      return yield* hearUnless(node, scope, run)
    case 'ends':
      return closed
  }
}
