import type { Gate } from '../combinators/gate.js'
import * as features from './features.js'

/** The names of all features that the protocol's grammar asks for. */
export const knownFeatures: ReadonlyArray<string> = Object.values<Gate>(features).flatMap((gate) =>
  gate._tag === 'feature' ? [gate.feature] : [],
)
