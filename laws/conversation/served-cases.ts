import type { AnyFlow, BytesPair } from '../../conversation/index.js'
import { serveFlow } from '../../conversation/index.js'
import { turnsIn } from '../../conversation/line/shape.js'

/** A connection that has ended before any message. */
const over: BytesPair = {
  readable: { getReader: () => ({ read: async () => ({ done: true }), cancel: async () => undefined }) },
  writable: {
    getWriter: () => ({
      write: async () => undefined,
      close: async () => undefined,
      abort: async () => undefined,
    }),
  },
}

/**
 * The cases for which a server accepts a handler: those that can be called with all messages of the client.
 */
export const servedCases = (flow: AnyFlow): ReadonlySet<string> =>
  new Set(
    turnsIn(flow.node)
      .flatMap(({ branch }) => [...branch.cases.values()].map(({ name }) => name))
      .filter((name) => takesHandler(flow, name)),
  )

const takesHandler = (flow: AnyFlow, name: string): boolean => {
  try {
    void serveFlow(flow, over, { [name]: () => undefined } as object)
    return true
  } catch {
    return false
  }
}
