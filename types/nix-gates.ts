import { type FamilyGates, gatesOf } from '../combinators/family.js'

const gates: FamilyGates<1> = gatesOf('worker', 1)

/** As the combinators of these names, for what the daemon and its clients agree on. */
export const { before, feature, since } = gates
