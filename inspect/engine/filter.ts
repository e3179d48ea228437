import type { Item } from './item.js'
import { PartItem } from './part-item.js'
import { Timeline } from './timeline.js'

/** Which rows are shown. */
export interface Filter {
  /** Whether framing has rows: fixed words, marks, tags. */
  readonly framing: boolean
  /** The name of an operation; empty for all. */
  readonly operation: string
  /** A text that they must contain, in any case; empty for all. */
  readonly text: string
  /** Whether only failures and issues have rows. */
  readonly failures: boolean
}

export const noFilter: Filter = { framing: true, operation: '', text: '', failures: false }

/** The number of rows, and how many of how many items match the filter. */
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

/** The children of an item that match the filter; null for all. */
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
