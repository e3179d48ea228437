import { nodeName, type PureNode, type ResolvedNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { isConstant } from '../../../combinators/written.js'
import { show } from '../fault.js'
import type { Builder, Plan } from '../plan.js'
import { unrepresentable } from './collections.js'

/** A value that is not on the wire. */
export const purePlan = (node: PureNode<ResolvedNode>, { settings }: Builder): Plan => {
  const { value } = node
  return {
    name: nodeName(node),
    min: 0,
    wire: 'raw',
    read: () => value,
    resume: () => value,
    write: (output, given) => {
      if (given !== value && !isConstant(node, settings.protocol, given)) {
        unrepresentable(output, words.notSent(show(value)), given)
      }
    },
    compare: () => 0,
    compareWritten: () => 0,
    skip: () => undefined,
  }
}
