import type { FlowNode } from '../node.js'
import { factsOf } from './facts-of.js'

/**
 * @throws TypeError for a flow that refers to something outside: a message not sent before, a loop around it.
 */
export const expectWhole = (node: FlowNode): void => {
  const { needs, exits } = factsOf(node)
  for (const { by, key } of needs) {
    throw new TypeError(`${by} refers to ${key}, which is not sent before it`)
  }
  for (const loop of exits.keys()) {
    if (loop !== null) {
      throw new TypeError(`again('${loop}') is not inside a loop of that name`)
    }
  }
}
