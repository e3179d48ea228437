/**
 * What most programs need: the combinators, `compile`, `explain`, `showIssue`. A codec gives an `Either`: an issue, or a
 * value; only its `size` throws.
 *
 * All of it is also in `nix-wire/combinators`, which names no interpreter, and in `nix-wire/interpreters`, where the others
 * are. No other entry point repeats anything; see `docs/decisions.md`.
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
