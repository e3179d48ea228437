/**
 * The laws that every grammar and every conversation obeys, as tests for your own, and the fast-check arbitraries
 * behind them: values, sessions, and sessions with one rule broken. It needs fast-check; `describeLaws` also needs a
 * test runner such as mocha. `checkLaws` is a promise of the laws that do not hold, and never rejects for them.
 *
 * @module nix-wire/laws
 */
export { type ArbitraryOptions, type Supply, supply, toArbitrary } from '../interpreters/arbitrary/index.js'
export {
  type BrokenRule,
  type BrokenSession,
  type BrokenSessionOptions,
  brokenRulesOf,
  type MadeContent,
  type MadeDeparture,
  type MadeSession,
  type MadeSessionOptions,
  type Move,
  toBrokenSessions,
  toSessions,
} from '../interpreters/conversations/index.js'
export { checkLaws, type LawFailure } from './check.js'
export { checkConversationLaws } from './conversation/check.js'
export { describeConversationLaws } from './conversation/describe.js'
export type { ConversationLawOptions } from './conversation/options.js'
export type {
  ClientSubject,
  ServerSubject,
  SubjectClient,
  SubjectHandler,
} from './conversation/subjects.js'
export { describeLaws } from './describe.js'
export type { LawOptions, OtherReader } from './options.js'
export type { Settings, Subject, SubjectOf } from './subject.js'
