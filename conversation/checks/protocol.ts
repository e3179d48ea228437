import type { Gate } from '../../combinators/gate.js'
import type { AnyGrammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { expectAsked, expectVersion, optionOf, type Taker } from '../../combinators/protocol-for.js'
import { isOffered } from '../machine/offered.js'
import type { FlowNode } from '../node.js'

/**
 * Checks that a conversation can go on under what is known before it: its messages and gates depend on no part of the
 * protocol that is neither given nor agreed on before.
 *
 * @throws TypeError for the first message or gate that does.
 */
export const expectProtocol = (of: string | Taker, node: FlowNode, given: Partial<Protocol>): void => {
  new Check(typeof of === 'string' ? optionOf(of) : of, given).visit(node, false)
}

class Check {
  readonly #taker: Taker
  readonly #given: Partial<Protocol>

  constructor(taker: Taker, given: Partial<Protocol>) {
    this.#taker = taker
    this.#given = given
  }

  /** `agrees`: both sides may have agreed on something before. Returns whether they may have afterwards. */
  visit(node: FlowNode, agrees: boolean): boolean {
    switch (node._tag) {
      case 'says':
        this.#message(node.grammar, agrees)
        return agrees
      case 'agree':
        return true
      case 'again':
      case 'blob':
      case 'ends':
        return agrees
      case 'sequence':
      case 'atOnce':
        return node.parts.reduce((before, part) => this.visit(part, before), agrees)
      case 'branch': {
        const cases = [...node.cases.values()].filter(({ name, gate }) =>
          this.#isPossible(`the case ${name}`, gate, agrees),
        )
        const flows = [...cases.map(({ flow }) => flow), ...(node.otherwise === null ? [] : [node.otherwise])]
        return this.#any(flows, agrees)
      }
      case 'gated':
        return agrees
          ? this.#any([node.flow, node.otherwise], agrees)
          : this.visit(
              this.#isPossible('the flow of gated', node.gate, agrees) ? node.flow : node.otherwise,
              agrees,
            )
      case 'loop':
        return this.visit(node.body, agrees)
      case 'carried': {
        if (node.way._tag === 'frames') {
          this.#message(node.way.length, agrees)
        }
        return this.#any([node.inner, ...(node.way._tag === 'pieces' ? [node.way.over] : [])], agrees)
      }
      case 'unless': {
        const after = this.visit(node.flow, agrees)
        // It may be sent at any moment, also after an agreement inside.
        this.visit(node.departs, after)
        return after
      }
    }
  }

  #any(flows: ReadonlyArray<FlowNode>, agrees: boolean): boolean {
    return flows.map((flow) => this.visit(flow, agrees)).some((after) => after)
  }

  /** Whether the messages behind a gate can occur. */
  #isPossible(what: string, gate: Gate | null, agrees: boolean): boolean {
    if (gate === null || agrees) {
      return true
    }
    expectVersion(this.#taker, what, gate, this.#given)
    return isOffered(gate, this.#given)
  }

  #message({ node }: AnyGrammar, agrees: boolean): void {
    expectAsked(this.#taker, node, this.#given, agrees)
  }
}
