/**
 * The laws that every grammar obeys, as tests for your own, and what they are tested with. Needs fast-check, and
 * `describeLaws` a suite such as mocha's. `checkLaws` is a promise of the laws that do not hold; it rejects for none of them.
 *
 * @module nix-wire/laws
 */
export { type ArbitraryOptions, type Supply, supply, toArbitrary } from '../interpreters/arbitrary/index.js'
export { checkLaws, type LawFailure } from './check.js'
export { describeLaws } from './describe.js'
export type { LawOptions, OtherReader } from './options.js'
export type { Settings, Subject, SubjectOf } from './subject.js'
