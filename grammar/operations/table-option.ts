import { expectWholeEnds } from '../../combinators/ends.js'
import { nodeOf } from '../../combinators/node.js'
import { record } from '../../combinators/options.js'
import type { OperationTable } from './table.js'

/** Checks that a connection can carry a table of operations: each message must have an end of its own. */
export const operationTable = (what: string, value: unknown): void => {
  record(what, value)
  const names = new Map<number, string>()
  for (const { id, name } of Object.values(value as OperationTable)) {
    if (names.has(id)) {
      throw new TypeError(`${what}: ${names.get(id)} and ${name} have one id, ${id}`)
    }
    names.set(id, name)
  }
  for (const { name, request, reply } of Object.values(value as OperationTable)) {
    expectWholeEnds(
      `the request of ${name}`,
      nodeOf(`the request of ${name}`, request),
      'other messages come',
    )
    expectWholeEnds(`the reply of ${name}`, nodeOf(`the reply of ${name}`, reply), 'other messages come')
  }
}
