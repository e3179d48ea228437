import type { Tone } from './item.js'

/** The number of columns in the overview of a session. */
export const stripWidth = 1000

/** One or more things in the same column of the overview. */
export interface Bar {
  readonly from: number
  readonly to: number
  readonly tone: Tone
  /** The index of the first of them among the events. */
  readonly index: number
  readonly name: string
  readonly count: number
}

/** A range on a line that is `length` long. */
export interface Stretch extends Pick<Bar, 'tone' | 'index' | 'name'> {
  readonly start: number
  readonly end: number
}

// The worst tone of several is shown.
const weights: { readonly [T in Tone]: number } = { plain: 0, good: 1, note: 2, wrong: 3 }

/** The bars of all ranges: those narrower than a column share it with their neighbours. */
export const barsOf = (stretches: Iterable<Stretch>, length: number): ReadonlyArray<Bar> => {
  const scale = length > 0 ? stripWidth / length : 0
  const wide: Array<Bar> = []
  const columns = new Map<number, Bar>()
  for (const { start, end, tone, index, name } of stretches) {
    const [from, to] = [start * scale, end * scale]
    if (to - from >= 2) {
      wide.push({ from, to, tone, index, name, count: 1 })
      continue
    }
    const column = Math.min(stripWidth - 1, Math.floor((from + to) / 2))
    const before = columns.get(column)
    const bar = { from: column, to: column + 1, tone, index, name, count: 1 }
    columns.set(column, before === undefined ? bar : merged(before, bar))
  }
  return [...wide, ...columns.values()].sort((a, b) => a.from - b.from)
}

const merged = (before: Bar, bar: Bar): Bar => {
  const worse = weights[bar.tone] > weights[before.tone] ? bar : before
  return { ...worse, count: before.count + 1 }
}
