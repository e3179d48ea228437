import { expectOneOf } from '../../combinators/expect.js'
import { checkOptions, type OptionChecks } from '../../combinators/options.js'
import { expectProtocol } from '../../conversation/checks/protocol.js'
import { expectWhole } from '../../conversation/checks/whole.js'
import { flowNode } from '../../conversation/expect.js'
import type { AnyFlow } from '../../conversation/flow.js'
import type { FlowNode } from '../../conversation/node.js'
import { rulesIn } from './faults/index.js'
import type { BrokenSessionOptions } from './options.js'
import { brokenRules } from './session.js'
import { expectTurns } from './wanted-turns.js'

/** A function that makes sessions of a flow, and the one that does the same with a grammar. */
export interface SessionsTaker {
  readonly of: string
  readonly forGrammars: string
}

/**
 * The node of a flow, of which sessions can be made with these options.
 *
 * @throws TypeError for a flow that is not whole, and TypeError or RangeError for invalid options; they name the function.
 */
export const expectSessions = <O extends BrokenSessionOptions>(
  { of, forGrammars }: SessionsTaker,
  flow: AnyFlow,
  checks: OptionChecks<O>,
  options: O,
): FlowNode => {
  const node = flowNode(`what ${of} takes`, flow, forGrammars)
  expectWhole(node)
  checkOptions<O>(of, checks, options)
  expectProtocol(of, node, options.protocol ?? {})
  expectTurns(node, options)
  const { rules } = options
  for (const rule of rules ?? []) {
    expectOneOf(`a rule that ${of} breaks`, rule, brokenRules)
  }
  if (rules !== undefined && !rulesIn(node).some((rule) => rules.includes(rule))) {
    throw new RangeError(`${of} can break none of these rules in this flow: ${rules.join(', ')}`)
  }
  return node
}
