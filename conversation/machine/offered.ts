import { type Gate, holds } from '../../combinators/gate.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'

/** Whether what was agreed on has this; features that neither side has named are none. */
export const isOffered = (gate: Gate | null, agreed: Partial<Protocol>): boolean =>
  gate === null ||
  holds(gate, (agreed.features === undefined ? { ...agreed, features: [] } : agreed) as Agreed)
