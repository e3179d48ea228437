import { type FamilyGates, gatesOf } from '../combinators/family.js'
import type { Gate } from '../combinators/gate.js'
import type { ProtocolVersion } from '../combinators/version.js'

const gates: FamilyGates<1> = gatesOf('worker', 1)

/** Like the combinators of these names, for the protocol between a daemon and its clients. */
export const { before, feature, since } = gates

/** The same for a version that the compiler does not know. @throws RangeError for another major number. */
export const sinceVersion = (version: ProtocolVersion): Gate => since(version as '1.0')
