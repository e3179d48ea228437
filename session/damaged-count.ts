import { numberAt } from '../bytes/number-at.js'
import type { Grammar } from '../combinators/node.js'
import { dissect } from '../interpreters/dissect/index.js'
import type { Part } from '../interpreters/dissect/tree.js'
import { isAlmostRight } from './almost-right.js'
import { type Seen, seenFrom } from './fitting.js'
import { endedBy, partOf, type Rule } from './rule.js'
import { withNumber } from './slips.js'

/** A count of items. */
interface Count {
  readonly at: number
  readonly number: bigint
}

/** The most that a count is off, and the most counts that are tried, from the issue back. */
const mostOff = 3n
const mostTried = 16

/** The counts in a value, the last one first. */
const countsIn = (tree: Part | null, { bytes }: Seen): ReadonlyArray<Count> => {
  const counts: Array<Count> = []
  const open = tree === null ? [] : [tree]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const number = part.role === 'count' && part.end - part.start === 8 ? numberAt(bytes, part.start) : null
    if (number !== null) {
      counts.push({ at: part.start, number })
    }
    for (const each of part.parts) {
      open.push(each)
    }
  }
  return counts.sort((a, b) => b.at - a.at).slice(0, mostTried)
}

/** The counts that this one may stand for, the nearest first. */
function* othersOf(number: bigint): Generator<bigint, void> {
  for (let off = 1n; off <= mostOff; off++) {
    if (number >= off) {
      yield number - off
    }
    yield number + off
  }
}

const itemsText = (count: bigint): string => (count === 1n ? '1 item' : `${count} items`)

/** A count does not fit its items, and with that of the items the value would be right. */
export const damagedCount: Rule = (found) => {
  const { talk, side, issue } = found
  const latest = endedBy(found)
  if (latest === null || latest.kind === 'message') {
    return null
  }
  const seen = seenFrom(talk, side, latest.start)
  if (seen === null) {
    return null
  }
  const { tree } = dissect(latest.grammar as Grammar<unknown>, talk.protocol, seen.bytes)
  for (const { at, number } of countsIn(tree, seen)) {
    if (latest.start + at > issue.offset) {
      continue
    }
    for (const other of othersOf(number)) {
      const mended = withNumber(seen, at, other)
      if (isAlmostRight(talk, side, latest, mended, issue._tag !== 'UnexpectedEnd')) {
        return `With ${itemsText(other)} instead of ${number}, ${partOf(latest, side)} would be right: the count at byte ${latest.start + at} is probably wrong.`
      }
    }
  }
  return null
}
