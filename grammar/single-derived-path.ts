import { type Grammar, named, summarised } from '../combinators/node.js'
import { lazy } from '../combinators/structures/lazy.js'
import { tagged } from '../combinators/structures/tagged.js'
import type * as T from '../types/index.js'
import { UInt8 } from './integers.js'
import { OutputName, StorePath } from './store-paths.js'

/**
 * A store path, or one output of a derivation, which may itself be an output of another derivation. Unlike a
 * DerivedPath it is not a text: 0 and a store path, or 1, the derivation (in this form again), and the name of the
 * output.
 *
 * ```ts
 * import { compile, hexOf } from 'nix-wire'
 * import { SingleDerivedPath } from 'nix-wire/grammar'
 * import { OutputName, StorePath } from 'nix-wire/types'
 * import { either as E, function as F } from 'fp-ts'
 *
 * F.pipe(
 *   E.Do,
 *   E.apS('path', StorePath.make('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv')),
 *   E.apS('output', OutputName.make('out')),
 *   E.chainW(({ path, output }) =>
 *     compile(SingleDerivedPath).encode({ _tag: 'Built', drvPath: { _tag: 'Opaque', path }, output }),
 *   ),
 *   E.map((bytes) => hexOf(bytes.subarray(0, 16))),
 * ) // => { _tag: 'Right', right: '0100000000000000' + '0000000000000000' }
 * ```
 *
 * Versions: with the feature `submit-output`. Issues: `UnknownTag`, those of StorePath and OutputName,
 * `LimitExceeded` for more levels than the codec's depth limit. Source: the reference implementation.
 */
export const SingleDerivedPath: Grammar<T.SingleDerivedPath> = summarised(
  'a store path, or one output of a derivation',
  named(
    'SingleDerivedPath',
    tagged('_tag', UInt8, {
      Opaque: [0, { path: StorePath }],
      Built: [1, { drvPath: lazy(() => SingleDerivedPath), output: OutputName }],
    }),
  ),
)
export type SingleDerivedPath = T.SingleDerivedPath
