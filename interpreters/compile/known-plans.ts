import type { AnyGrammar, Node } from '../../combinators/node.js'
import { buildPlan } from './build.js'
import type { Settings } from './options.js'
import type { Plan } from './plan.js'

/** The plans of each grammar, by their settings; those used last are at the end. */
const known = new WeakMap<Node, Map<string, Plan>>()
const knownAtMost = 8

/**
 * The plan of a grammar. One that was made before is used again: a plan has no state, takes long to make, and the engine
 * may have optimised its functions already.
 */
export const planOf = (grammar: AnyGrammar, settings: Settings): Plan => {
  if (settings.onCode !== undefined) {
    return buildPlan(grammar, settings)
  }
  const plans = known.get(grammar.node) ?? new Map<string, Plan>()
  known.set(grammar.node, plans)
  const id = JSON.stringify(settings)
  const plan = plans.get(id) ?? buildPlan(grammar, settings)
  plans.delete(id)
  plans.set(id, plan)
  if (plans.size > knownAtMost) {
    const [oldest] = plans.keys()
    plans.delete(oldest!)
  }
  return plan
}
