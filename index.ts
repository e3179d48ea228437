/**
 * Grammars, and what can be done with them: everything of `nix-wire/combinators` and `nix-wire/interpreters`.
 *
 * @module nix-wire
 */
export * from './combinators/index.js'
export * from './interpreters/index.js'
