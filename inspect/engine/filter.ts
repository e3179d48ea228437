import type { Item } from './item.js'
import { PartItem } from './part-item.js'
import { Timeline } from './timeline.js'

/** Which rows there are to be. */
export interface Filter {
  /** Whether what only frames has rows: fixed words, marks, tags. */
  readonly framing: boolean
  /** The name of an operation; empty for all. */
  readonly operation: string
  /** What must be in them, in small or capital letters; empty for anything. */
  readonly text: string
  /** Whether only what failed or is wrong has rows. */
  readonly failures: boolean
}

export const noFilter: Filter = { framing: true, operation: '', text: '', failures: false }

/** How many rows there are now, and how many of how many items a filter has left. */
export interface Filtered {
  readonly rows: number
  readonly left: number
  readonly of: number
}

interface Sifted {
  readonly name: string
  readonly isWrong: boolean
  mentions(text: string): boolean
}

/** The children of an item that a filter leaves; null for all. */
export const sifted = (item: Item, { operation, text, failures }: Filter): ReadonlyArray<number> | null => {
  if (operation === '' && text === '' && !failures) {
    return null
  }
  const wanted = text.toLowerCase()
  const left: Array<number> = []
  for (let index = 0; index < item.count; index++) {
    const each = siftedOf(item, index)
    if (
      (operation === '' || each.name === operation) &&
      (!failures || each.isWrong) &&
      (wanted === '' || each.mentions(wanted))
    ) {
      left.push(index)
    }
  }
  return left
}

const siftedOf = (item: Item, index: number): Sifted => {
  // Checks thousands of operations without making their items.
  const each = (item instanceof Timeline ? item.happenings[index] : undefined) ?? item.child(index)
  const isWrong = each instanceof PartItem ? !each.sound : each.tone === 'wrong'
  return { name: each.name, isWrong, mentions: (text) => each.mentions(text) }
}
