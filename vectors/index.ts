/**
 * Test vectors of any grammar: messages that are valid, that no encoder writes, and that break one rule, and what is right
 * for each of them.
 *
 * What is wrong is a mistake of the program: an error that is thrown at once.
 *
 * @module nix-wire/vectors
 */
export { type VectorFlag, vectorFlags } from './flags.js'
export { listOfGroups, type VectorGroup } from './group.js'
export { type VectorOptions, vectorsOf } from './make.js'
export { printVectors } from './print.js'
export { vectorSchema } from './schema.js'
export type { Vector, VectorResult } from './vector.js'
