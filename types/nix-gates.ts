import { type FamilyGates, gatesOf } from '../combinators/family.js'
import type { Gate } from '../combinators/gate.js'
import type { ProtocolVersion } from '../combinators/version.js'

const gates: FamilyGates<1> = gatesOf('worker', 1)

/** As the combinators of these names, for what the daemon and its clients agree on. */
export const { before, feature, since } = gates

/** The same for a version that the compiler does not know. @throws RangeError for one with another major number. */
export const sinceVersion = (version: ProtocolVersion): Gate => since(version as '1.0')
