import type { AnyFlow } from '../../conversation/index.js'
import { turnsIn } from '../../conversation/line/shape.js'
import { isHeardFirst } from '../../conversation/server/heard-first.js'

/** The cases for which a server accepts a handler: those that can be called with all messages of the client. */
export const servedCases = ({ node }: AnyFlow): ReadonlySet<string> => {
  const cases = turnsIn(node).flatMap(({ branch }) => [...branch.cases.values()])
  const others = cases.filter(({ name, flow }) => !isHeardFirst(name, flow)).map(({ name }) => name)
  return new Set(cases.map(({ name }) => name).filter((name) => !others.includes(name)))
}
