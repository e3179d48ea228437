import { factsOf } from '../checks/facts-of.js'
import type { FlowNode } from '../node.js'
import { flowsOf } from '../parts.js'

/**
 * A handler is called when its messages are due, or an upload begins, with all messages of the client in the turn.
 *
 * @throws TypeError for a turn in which the client has messages after that.
 */
export const expectHeardFirst = (name: string, flow: FlowNode): void => {
  new Order(name).visit(flow, false, null)
}

/** Whether a handler can be called for a turn. */
export const isHeardFirst = (name: string, flow: FlowNode): boolean => {
  try {
    expectHeardFirst(name, flow)
    return true
  } catch {
    return false
  }
}

class Order {
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  /** `begun`: whether the handler has been called by then. Returns whether it has been called after it. */
  visit(node: FlowNode, begun: boolean, piece: string | null): boolean {
    switch (node._tag) {
      case 'says':
        if (node.side === 'client' && begun && node.key !== piece) {
          throw new TypeError(
            `a server cannot call the handler of ${this.#name} with ${node.key}, which the client sends after the handler's first message`,
          )
        }
        return begun || node.side === 'server'
      case 'blob':
        return true
      case 'carried':
        if (node.way._tag === 'pieces') {
          this.visit(node.way.over, true, node.way.of[0])
        }
        return true
      case 'sequence':
        return node.parts.reduce((so, part) => this.visit(part, so, piece), begun)
      case 'atOnce': {
        const speaks = node.parts.some((part) => factsOf(part).sides.has('server'))
        return node.parts.map((part) => this.visit(part, begun || speaks, piece)).includes(true)
      }
      case 'loop': {
        const once = this.visit(node.body, begun, piece)
        return this.visit(node.body, once, piece)
      }
      default:
        return flowsOf(node)
          .map((part) => this.visit(part, begun, piece))
          .reduce((any, each) => any || each, begun)
    }
  }
}
