/**
 * What most programs need: every word that a grammar is made of, `compile`, `explain`, `showIssue`. Codecs give an
 * `Either`: an issue, or a value.
 *
 * All of it is also in `nix-wire/combinators` and `nix-wire/interpreters`, where the other interpreters are; no other
 * name of the package has two homes. Building a grammar throws for a mistake in it; see `docs/decisions.md`.
 *
 * @module nix-wire
 */
export * from './combinators/index.js'
export {
  type Codec,
  type CompileOptions,
  compile,
  type Limits,
  type OnCode,
  type Profile,
} from './interpreters/compile/index.js'
export { type Excerpt, explain } from './interpreters/explain.js'
