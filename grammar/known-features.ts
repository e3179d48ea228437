import type { Gate } from '../combinators/gate.js'
import * as features from './features.js'

/** The names of all features in the grammar of the protocol. */
export const knownFeatures: ReadonlyArray<string> = Object.values<Gate>(features).flatMap((gate) =>
  gate._tag === 'feature' ? [gate.feature] : [],
)
