import { expectIterable } from '../combinators/expect.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Vector } from './vector.js'

/** The vectors of a type under one protocol. */
export interface VectorGroup {
  readonly protocol: Partial<Protocol>
  readonly vectors: ReadonlyArray<Vector>
}

/** Groups vectors by protocol, in their order. */
export const listOfGroups = (vectors: Iterable<Vector>): ReadonlyArray<VectorGroup> => {
  expectIterable('the vectors', vectors)
  const groups = new Map<string, { readonly protocol: Partial<Protocol>; readonly vectors: Array<Vector> }>()
  for (const vector of vectors) {
    const key = JSON.stringify(vector.protocol)
    const group = groups.get(key) ?? { protocol: vector.protocol, vectors: [] }
    group.vectors.push(vector)
    groups.set(key, group)
  }
  return [...groups.values()]
}
