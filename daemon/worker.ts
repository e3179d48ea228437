import { type TurnsNode, turnsIn } from '../conversation/line/shape.js'
import type { Case, FlowNode } from '../conversation/node.js'
import { workerOf, workerTurns } from '../grammar/conversation/worker.js'
import type { OperationTable } from '../grammar/operations/table.js'
import { operations } from '../grammar/operations/table.js'
import { narDelimiter } from '../stream/nar/delimiter.js'

const contents = { archive: narDelimiter }

const known = new WeakMap<OperationTable, FlowNode>()

/** The conversation of a table's operations, cached: building it takes longer than most connections. */
export const workerFlow = (table: OperationTable): FlowNode => {
  const found = known.get(table)
  if (found !== undefined) {
    return found
  }
  const { node } = workerOf(table, contents)
  known.set(table, node)
  return node
}

/** The first request of each client, even if its table lacks it. */
const settingTurns = (): TurnsNode => {
  const { SetOptions } = operations
  const [turns] = turnsIn(workerTurns({ SetOptions }, contents).node)
  if (turns === undefined) {
    throw new Error('there are no turns')
  }
  return turns
}

let setting: { readonly turns: TurnsNode; readonly chosen: Case } | null = null

/** The turn in which a client sends its settings. */
export const settingTurn = (): { readonly turns: TurnsNode; readonly chosen: Case } => {
  if (setting === null) {
    const turns = settingTurns()
    const [chosen] = turns.branch.cases.values()
    if (chosen === undefined) {
      throw new Error('there is no turn')
    }
    setting = { turns, chosen }
  }
  return setting
}
