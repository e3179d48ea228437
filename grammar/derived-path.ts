import type { Grammar } from '../combinators/node.js'
import { text } from '../combinators/primitives/text.js'
import * as T from '../types/index.js'

/**
 * What to build or substitute: a store path, or outputs of a derivation. The text depends on the version:
 *
 * | | 1.30 and above | below 1.30 |
 * | --- | --- | --- |
 * | a store path | `path` | `path`, unless it ends in `.drv` |
 * | all outputs | `drv!*` | `drv` |
 * | some outputs | `drv!a,b` | `drv!a,b` |
 * | outputs of an output | `drv!x!a,b` | no form |
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { DerivedPath } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   3300000000000000 2f6e69782f73746f 72652f6731773768 7933716731773768
 *   7933716731773768 7933716731773768 7933712d6261722e 6472760000000000`)
 * compile(DerivedPath, { version: '1.29' }).decode(wire)
 * // => {
 * //   _tag: 'Right',
 * //   right: {
 * //     _tag: 'Built',
 * //     drvPath: { _tag: 'Opaque', path: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv' },
 * //     outputs: { _tag: 'All' },
 * //   },
 * // }
 * compile(DerivedPath, { version: '1.30' }).decode(wire)
 * // => { _tag: 'Right', right: { _tag: 'Opaque', path: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv' } }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`, `NotCanonical`; encoding: `Unrepresentable` for values that
 * have no form below 1.30. Source: serialization, DerivedPath, which has no nested form, and does not say what a bare
 * derivation means below 1.30.
 */
export const DerivedPath: Grammar<T.DerivedPath> = text(T.DerivedPath.format)
export type DerivedPath = T.DerivedPath
