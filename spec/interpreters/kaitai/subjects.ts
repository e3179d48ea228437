import type { AnyGrammar, Protocol } from '../../../combinators/index.js'
import { versionBits } from '../../../combinators/index.js'
import { paramsOf } from '../../../interpreters/kaitai/gates.js'
import { snake } from '../../../interpreters/kaitai/ids.js'

/** What a decoder with parameters is told, in their order. */
export const toldOf = (
  { node }: AnyGrammar,
  { version, features }: Protocol,
): ReadonlyArray<number | boolean> =>
  paramsOf(node).map(({ id }) =>
    id === 'version' ? versionBits(version) : features.some((feature) => id === `has_${snake(feature)}`),
  )
