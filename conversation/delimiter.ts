import { expectName } from '../combinators/expect.js'
import { expectOnly } from './checks/facts.js'
import { factsOf } from './checks/facts-of.js'
import { expectWhole } from './checks/whole.js'
import { expectSide, flowNode } from './expect.js'
import type { AnyFlow } from './flow.js'
import { type OpensFlowEnd, openFlowEnd } from './machine/flow-ends.js'
import type { Delimiter, FlowNode, Side } from './node.js'

/** Finds the end of a flow of one side. Available as soon as anything that follows flows is loaded. */
export const endOfFlow = (
  name: string,
  side: Side,
  flow: AnyFlow,
  opens: OpensFlowEnd = openFlowEnd,
): Delimiter => {
  expectName('the name of a delimiter', name)
  expectSide(`the side of ${name}`, side)
  const node = flowNode(`the flow of ${name}`, flow)
  expectWhole(node)
  expectOnly(name, side, factsOf(node))
  const delimiter: Delimiter = { name, open: (offset, agreed) => opens(node, side, offset, agreed) }
  flows.set(delimiter, node)
  return delimiter
}

const flows = new WeakMap<Delimiter, FlowNode>()

/** The flow whose end a delimiter finds; null for other delimiters. */
export const flowOfEnd = (delimiter: Delimiter): FlowNode | null => flows.get(delimiter) ?? null
