import type { MapNode, ResolvedNode } from '../../combinators/node.js'
import { compareValues } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'

/** The entries of a map as they are read; of those with one key the first or the last counts. */
export class MapEntries {
  readonly #entries: Array<readonly [key: unknown, value: unknown, isSound: boolean]> = []
  readonly #node: MapNode<ResolvedNode>
  readonly #protocol: Protocol

  constructor(node: MapNode<ResolvedNode>, protocol: Protocol) {
    this.#node = node
    this.#protocol = protocol
  }

  /** An invalid key is not a value of its grammar, and has no order. */
  add(key: unknown, value: unknown, isSound: boolean): void {
    this.#entries.push([key, value, isSound])
  }

  toMap(): ReadonlyMap<unknown, unknown> {
    const map = new Map<unknown, unknown>()
    const known = this.#sameKeys()
    for (const [i, [key, value]] of this.#entries.entries()) {
      const kept = known[i] ?? key
      if (this.#node.duplicates === 'last' || !map.has(kept)) {
        map.set(kept, value)
      }
    }
    return map
  }

  /** For each entry the first equal key: after sorting, equal keys are neighbours. */
  #sameKeys(): ReadonlyArray<unknown> {
    const keys = this.#entries.map(([key]) => key)
    if (keys.every((key) => typeof key !== 'object')) {
      return keys
    }
    const compare = (i: number, j: number): number =>
      compareValues(this.#node.key, this.#protocol, keys[i], keys[j])
    const order = keys
      .map((_, i) => i)
      .filter((i) => this.#entries[i]![2])
      .sort((i, j) => compare(i, j) || i - j)
    const same: Array<unknown> = [...keys]
    for (let n = 1; n < order.length; n++) {
      const [before, i] = [order[n - 1]!, order[n]!]
      if (compare(before, i) === 0) {
        same[i] = same[before]
      }
    }
    return same
  }
}
