import { type Grammar, named, summarised } from '../../combinators/node.js'
import { under } from '../../combinators/structures/under.js'
import type * as T from '../../types/index.js'
import { DrvOutput, Realisation } from '../realisation.js'
import { byProtocol, since } from './protocol.js'

/** What the worker protocol has with a feature and without it, at versions of the serve protocol. */
const sinceByPath = <A>(grammar: Grammar<A>): Grammar<A> =>
  byProtocol(
    [[since('2.8'), under({ version: '1.38', features: ['realisation-with-path-not-hash'] }, grammar)]],
    under({ version: '1.38', features: [] }, grammar),
  )

/**
 * One output of one derivation: since 2.8 two texts, the derivation's store path and the output's name; below it one text, a
 * hash of the derivation and the name.
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
 * In use: keys of a build result's outputs, 2.6 and 2.7. Issues: those of its texts. Source: the reference implementation.
 */
export const ServeDrvOutput: Grammar<T.DrvOutput> = summarised(
  'one output of one derivation',
  named('ServeDrvOutput', sinceByPath(DrvOutput)),
)

/**
 * What an output was built to be, and which output: since 2.8 a {@link ServeDrvOutput}, a store path and signatures; below it
 * JSON.
 *
 * In use: values of a build result's outputs, 2.6 and 2.7. Issues: those of its parts. Source: the reference implementation.
 */
export const ServeRealisation: Grammar<T.Realisation> = summarised(
  'what an output was built to be, and which output',
  named('ServeRealisation', sinceByPath(Realisation)),
)
