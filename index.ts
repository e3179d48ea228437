/**
 * What most programs need: the combinators, `compile`, `explain`, `showIssue`. The functions of a codec return an
 * `Either`, an issue or a value; only `size` throws.
 *
 * The same names are in `nix-wire/combinators`, which has no interpreters, and in `nix-wire/interpreters`, which has
 * all of them. No other entry points share names; see `docs/decisions.md`.
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
