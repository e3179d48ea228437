import { type Grammar, named, summarised } from '../../combinators/node.js'
import { under } from '../../combinators/structures/under.js'
import type * as T from '../../types/index.js'
import { DrvOutput, Realisation } from '../realisation.js'
import { byProtocol, since } from './protocol.js'

/**
 * The two forms that the worker protocol has with and without a feature, by versions of the serve protocol.
 */
const sinceByPath = <A>(grammar: Grammar<A>): Grammar<A> =>
  byProtocol(
    [[since('2.8'), under({ version: '1.38', features: ['realisation-with-path-not-hash'] }, grammar)]],
    under({ version: '1.38', features: [] }, grammar),
  )

/**
 * Identifies one output of a derivation. Since 2.8 it is two texts, the derivation's store path and the output's
 * name; before, one text with a hash of the derivation and the name.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ServeDrvOutput } from 'nix-wire/serve'
 *
 * const wire = bytesOf(`
 *   3100000000000000 736861313a646133 3961336565356536 6234623064333235
 *   3562666566393536 3031383930616664 3830373039216f75 7400000000000000`)
 * const output = compile(ServeDrvOutput, { version: '2.7' }).decode(wire)
 * output._tag === 'Right' && output.right.outputName // => 'out'
 * ```
 *
 * Used by: keys of a build result's outputs, 2.6 and 2.7. Issues: those of its texts. Source: the reference
 * implementation.
 */
export const ServeDrvOutput: Grammar<T.DrvOutput> = summarised(
  'one output of one derivation',
  named('ServeDrvOutput', sinceByPath(DrvOutput)),
)

/**
 * The store path that an output was built as. Since 2.8 it is a {@link ServeDrvOutput}, a store path and signatures;
 * before, JSON.
 *
 * Used by: values of a build result's outputs, 2.6 and 2.7. Issues: those of its parts. Source: the reference
 * implementation.
 */
export const ServeRealisation: Grammar<T.Realisation> = summarised(
  'an output, and the store path that it was built as',
  named('ServeRealisation', sinceByPath(Realisation)),
)
