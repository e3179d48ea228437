/**
 * Test vectors of any grammar: messages that are valid, acceptable (no encoder writes them), or break one rule, with
 * the right answer for each.
 *
 * Only mistakes in the calling program fail: an error that is thrown at once.
 *
 * @module nix-wire/vectors
 */
export { type VectorFlag, vectorFlags } from './flags.js'
export { listOfGroups, type VectorGroup } from './group.js'
export { type VectorOptions, type VectorValues, vectorsOf } from './make.js'
export { printVectors } from './print.js'
export { vectorSchema } from './schema.js'
export type { Vector, VectorResult } from './vector.js'
