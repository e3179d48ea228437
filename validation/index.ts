/**
 * Grammars for other validators: as io-ts codecs and Standard Schemas of bytes and of JSON; a reporter; and fp-ts
 * instances for values and issues. What is wrong with bytes or JSON is the left of an `Either`, as io-ts has it.
 *
 * `encode` of a codec throws a TypeError for an invalid value (its type came from a cast).
 *
 * @module nix-wire/validation
 */
export type { GrammarType } from './grammar-type.js'
export { eqOf, ordOf, showOf } from './instances.js'
export { type GrammarError, isGrammarError } from './issue-context.js'
export { issueReporter } from './issue-reporter.js'
export { allIssues, eqIssue, firstIssue, issueList, ordIssueOffset } from './issues.js'
export { toJsonType } from './to-json-type.js'
export { type TypeOptions, toType } from './to-type.js'
