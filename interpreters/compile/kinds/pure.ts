import { equalValues } from '../../../bytes/equal.js'
import { nodeName, type PureNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { show } from '../fault.js'
import type { Plan } from '../plan.js'
import { unrepresentable } from './collections.js'

/** A value that is not on the wire. */
export const purePlan = (node: PureNode): Plan => {
  const { value } = node
  return {
    name: nodeName(node),
    min: 0,
    wire: 'raw',
    read: () => value,
    resume: () => value,
    write: (output, given) => {
      if (given !== value && !equalValues(given, value)) {
        unrepresentable(output, words.notSent(show(value)), given)
      }
    },
    compare: () => 0,
    compareWritten: () => 0,
    skip: () => undefined,
  }
}
