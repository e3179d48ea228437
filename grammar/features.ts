import { feature, type Gate } from '../combinators/gate.js'

/**
 * Negotiated since Nix 2.35: realisations are named by the derivation's path instead of a hash, and travel as
 * records instead of JSON.
 */
export const realisationWithPath: Gate = feature('realisation-with-path-not-hash')
