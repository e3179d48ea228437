/** Generated sessions of a conversation: valid ones, and ones with one rule broken. */
export { brokenRulesOf, NoOccasion, toBrokenSessions } from './broken.js'
export { expectSessions } from './expect.js'
export { type BrokenSessionOptions, brokenOptions, type MadeSessionOptions } from './options.js'
export type { BrokenRule, BrokenSession, MadeContent, MadeDeparture, MadeSession, Move } from './session.js'
export { toSessions } from './sessions.js'
