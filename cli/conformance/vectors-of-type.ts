import type { Protocol } from '../../combinators/protocol.js'
import { NoValues } from '../../interpreters/arbitrary/no-values.js'
import { vectorsOf } from '../../vectors/make.js'
import type { Vector } from '../../vectors/vector.js'
import type { NamedType } from './types.js'

export interface Wanted {
  /** The most valid messages, and the most others, for each protocol. */
  readonly number?: number
  readonly protocol?: Partial<Protocol>
}

/**
 * The vectors of a type.
 *
 * @throws NoValues if it rejects all that is made up; TypeError or RangeError for a protocol that is not one of it.
 */
export const vectorsOfType = (
  { name, grammar, values }: NamedType,
  { number, protocol }: Wanted,
): ReadonlyArray<Vector> => {
  const counts = number === undefined ? {} : { broken: number, valid: number }
  const vectors = [
    ...vectorsOf(grammar, { type: name, values, ...counts, ...(protocol === undefined ? {} : { protocol }) }),
  ]
  if (vectors.length === 0 && number !== 0) {
    throw new NoValues(
      `no values for ${name}: its imap or refine rejects all that is made up, or a text format has neither pattern nor texts`,
    )
  }
  return vectors
}
