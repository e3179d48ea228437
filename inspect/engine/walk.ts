import type { Item } from './item.js'
import { type ItemPath, type Lens, shownOf } from './outline.js'

/** An item, and its path. */
export type Step = readonly [path: ItemPath, item: Item]

/** All items after a path, in the order of the rows, as if all were open. */
export function* after(item: Item, path: ItemPath, from: ItemPath, lens: Lens): Generator<Step> {
  const [first, ...rest] = from
  for (const index of indexesOf(item, path, lens, first ?? 0, 1)) {
    const child = item.child(index)
    const step: Step = [[...path, index], child]
    if (index !== first) {
      yield step
    }
    yield* after(child, step[0], index === first ? rest : [], lens)
  }
}

/** The same that come before a path, the nearest first; null for those before the end. */
export function* before(item: Item, path: ItemPath, from: ItemPath | null, lens: Lens): Generator<Step> {
  const [first, ...rest] = from ?? []
  if (from !== null && first === undefined) {
    return
  }
  for (const index of indexesOf(item, path, lens, first ?? item.count - 1, -1)) {
    const child = item.child(index)
    const step: Step = [[...path, index], child]
    const isOnTheWay = index === first
    yield* before(child, step[0], isOnTheWay ? rest : null, lens)
    if (!isOnTheWay || rest.length > 0) {
      yield step
    }
  }
}

/** The indexes with rows after or before a given one. */
function* indexesOf(item: Item, path: ItemPath, lens: Lens, from: number, by: 1 | -1): Generator<number> {
  const shown = shownOf(item, path, lens)
  if (shown === null) {
    for (let index = from; index >= 0 && index < item.count; index += by) {
      yield index
    }
    return
  }
  for (const index of by === 1 ? shown : [...shown].reverse()) {
    if (by === 1 ? index >= from : index <= from) {
      yield index
    }
  }
}
