import { allOf, before, type Gate, since } from '../combinators/gate.js'
import type { AnyFlow } from '../conversation/flow.js'
import type { Delimiter } from '../conversation/node.js'
import { workerTurns } from '../grammar/conversation/worker.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'
import type { NarLimits } from '../stream/nar/options.js'
import { tolerantArchive } from './archive.js'

/** An operation that a client may send, and its flow. */
export interface Menu {
  readonly flow: AnyFlow
  readonly byId: ReadonlyMap<number, Entry>
}

interface Entry {
  readonly operation: AnyOperation
  /** Whether the table has it; otherwise it is an operation of Nix. */
  readonly own: boolean
}

const archive = tolerantArchive({})
const known = new WeakMap<OperationTable, Menu>()

/** The operations of a table, and those of Nix that it lacks, which clients may still send. */
export const menuOf = (table: OperationTable, narLimits: Partial<NarLimits>): Menu => {
  if (Object.keys(narLimits).length > 0) {
    return made(table, tolerantArchive(narLimits))
  }
  const found = known.get(table) ?? made(table, archive)
  known.set(table, found)
  return found
}

const never: Gate = allOf(since('1.0'), before('1.0'))

const made = (table: OperationTable, delimiter: Delimiter): Menu => {
  const byId = new Map<number, Entry>()
  const cases = new Map<string, AnyOperation>()
  const add = (operation: AnyOperation, own: boolean): void => {
    if (!byId.has(operation.id)) {
      byId.set(operation.id, { operation, own })
      cases.set(`${operation.name} ${operation.id}`, own ? operation : { ...operation, gate: never })
    }
  }
  for (const operation of Object.values(table)) {
    add(operation, true)
  }
  for (const operation of Object.values(operations)) {
    add(operation, false)
  }
  return { flow: workerTurns(Object.fromEntries(cases), { archive: delimiter }), byId }
}
