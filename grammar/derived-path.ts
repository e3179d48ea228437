import type { Grammar } from '../combinators/node.js'
import { text } from '../combinators/primitives/text.js'
import * as T from '../types/index.js'

/**
 * What to build or fetch: a store path, or outputs of a derivation. The text depends on the version:
 *
 * | | 1.30 and above | below 1.30 |
 * | --- | --- | --- |
 * | a store path | `path` | `path`, unless it ends in `.drv` |
 * | all outputs | `drv!*` | `drv` |
 * | some outputs | `drv!a,b` | `drv!a,b` |
 * | outputs of an output | `drv!x!a,b` | no form |
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { DerivedPath, String } from 'nix-wire/grammar'
 * import { either as E, function as F } from 'fp-ts'
 *
 * const drv = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv'
 * const tagAt = (version: '1.29' | '1.30') =>
 *   F.pipe(compile(String).encode(drv), E.chain(compile(DerivedPath, { version }).decode), E.map((path) => path._tag))
 *
 * tagAt('1.29') // => { _tag: 'Right', right: 'Built' }
 * tagAt('1.30') // => { _tag: 'Right', right: 'Opaque' }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`, `NotCanonical`; encoding: `Unrepresentable` for what has
 * no form below 1.30. Source: serialization, DerivedPath, which has no nested form, and no meaning for a
 * derivation alone below 1.30.
 */
export const DerivedPath: Grammar<T.DerivedPath> = text(T.DerivedPathFormat)
export type DerivedPath = T.DerivedPath
