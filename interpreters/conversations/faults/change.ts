import { joined } from '../../../bytes/joined.js'
import type { FieldPath, Issue } from '../../../combinators/issue.js'
import type { UnlessNode } from '../../../conversation/node.js'
import { firstOf } from '../laid.js'
import { framesOf, placingOf } from '../laid-carried.js'
import { outcomeOf, type Reads } from '../reading.js'
import type { BrokenRule, BrokenSession } from '../session.js'
import type { Item, Placing, Strand } from '../strand.js'
import type { Occasion, Site } from './site.js'

/** Other bytes in place of some items. */
export interface Change {
  /** The first item that is replaced, and the number of items. */
  readonly at: number
  readonly remove: number
  readonly bytes: Uint8Array
  /** Whether neither side sends anything after it. */
  readonly stops: boolean
  /** The first byte that is read differently, from the beginning of the first replaced item. */
  readonly from: number
  /** What a reader expects there. */
  readonly reads: ReadonlyArray<Expected>
  /** What the other side sends in addition. */
  readonly besides?: Uint8Array
}

/** What a reader expects, and whether it may be absent. */
export interface Expected {
  readonly reads: Reads
  readonly mayEnd: boolean
  /** What the side may break off here. */
  readonly guard: UnlessNode | null
}

/** What an observer must report. */
export interface Foretold {
  readonly tag: Issue['_tag']
  readonly offset: number
  readonly path: FieldPath
  readonly guard: UnlessNode | null
}

/** What a reader expects from an item on. */
export const expectedFrom = ({ items, tail, carrier }: Strand, index: number): ReadonlyArray<Expected> => [
  ...items.slice(index).flatMap(expectedAt),
  { reads: carrier === null ? tail : { _tag: 'unknown' }, mayEnd: true, guard: null },
]

export const expectedAt = ({ reads, opens, guard }: Item): ReadonlyArray<Expected> =>
  reads === null ? [] : [{ reads, mayEnd: opens, guard }]

/** The first issue; null if the bytes may be read as something valid. */
export const foretell = (
  expected: ReadonlyArray<Expected>,
  bytes: Uint8Array,
  from: number,
): Foretold | null => {
  let offset = from
  for (const { reads, mayEnd, guard } of expected) {
    const rest = bytes.subarray(offset)
    if (mayEnd && rest.length === 0) {
      return null
    }
    const outcome = outcomeOf(reads, rest)
    if (outcome._tag === 'refused') {
      const { _tag: tag, path } = outcome.issue
      return { tag, path, offset: offset + outcome.issue.offset, guard }
    }
    if (!outcome.isKnown) {
      return null
    }
    offset += outcome.size
  }
  return null
}

/** Breaks a rule; null if the result could be read as something valid. */
export const changed = (
  occasion: Occasion,
  rule: BrokenRule,
  { strand, item }: Site,
  change: Change,
): BrokenSession | null => {
  const { items } = strand
  const start = items[change.at]?.start ?? strand.size
  const bytes = withBytes(strand, change)
  const found = foretell(change.reads, bytes, start + change.from)
  return found === null ? null : brokenOf(occasion, rule, item, { strand, bytes, at: start, found, change })
}

interface Broken {
  readonly strand: Strand
  /** The whole strand, after the change. */
  readonly bytes: Uint8Array
  readonly at: number
  readonly found: Foretold
  readonly change: Pick<Change, 'stops' | 'besides'>
  /** Whether the issue ends the conversation; an issue inside frames or pieces does not. */
  readonly isFatal?: boolean
}

/** A session with its issue; null if a side might depart with these bytes. */
export const brokenOf = (
  occasion: Occasion,
  rule: BrokenRule,
  item: Item,
  broken: Broken,
): BrokenSession | null => {
  const lifted = liftedOut(broken)
  if (lifted === null) {
    return null
  }
  const { strand, bytes, at, found } = lifted
  const isFatal = broken.isFatal ?? broken.strand.carrier === null
  if (isFatal && mayDepart(occasion, found.guard, bytes.subarray(found.offset))) {
    return null
  }
  const other = strand.side === 'client' ? occasion.laid.server : occasion.laid.client
  const streams = { [strand.side]: bytes, [other.side]: otherBytes(other, item, broken.change) }
  const { of, turn } = item
  const { tag, offset, path } = found
  const { within } = broken.strand
  return {
    client: streams.client!,
    server: streams.server!,
    protocol: occasion.maker.options.protocol ?? {},
    rule,
    key: of.node.key,
    within,
    turn,
    side: strand.side,
    at,
    issue: { tag, offset, side: strand.side, path: [...within, ...path], fatal: isFatal },
  }
}

const withBytes = (strand: Strand, { at, remove, bytes, stops }: Change): Uint8Array => {
  const parts = ({ bytes: each }: Item) => each
  return joined([
    ...strand.items.slice(0, at).map(parts),
    bytes,
    ...(stops ? [] : strand.items.slice(at + remove).map(parts)),
  ])
}

/** The bytes of the other side, up to the issue. */
const otherBytes = ({ items }: Strand, { time }: Item, { stops, besides }: Broken['change']): Uint8Array => {
  const before = items.filter((each) => each.time < time).map(({ bytes }) => bytes)
  const behind = stops ? [] : items.filter((each) => each.time > time).map(({ bytes }) => bytes)
  return joined([...before, ...(besides === undefined ? [] : [besides]), ...behind])
}

/** Moves the change out of frames and pieces, into the stream of its side. */
const liftedOut = (broken: Broken): Broken | null => {
  const { strand, bytes, at, found, change } = broken
  const { carrier } = strand
  if (carrier === null) {
    return broken
  }
  const isMissing = found.tag === 'UnexpectedEnd'
  if (
    carrier.of.node.way._tag !== 'frames' ||
    (isMissing && !carrier.isHeeded) ||
    change.besides !== undefined
  ) {
    return null
  }
  const outer = carrier.strand
  const start = outer.items[carrier.from]!.start
  const frames = framesOf(carrier.of, bytes)
  const placing = placingOf(frames, start)
  return liftedOut({
    strand: outer,
    bytes: withBytes(outer, {
      at: carrier.from,
      remove: carrier.to - carrier.from,
      bytes: joined(frames.flatMap(({ length, body }) => [length, body])),
      stops: false,
      from: 0,
      reads: [],
    }),
    at: placing.at(at),
    found: endedIn(found, placing),
    change: { stops: false },
  })
}

/** The same issue outside: content can end too early only together with the frames around it. */
export const endedIn = ({ tag, offset, ...found }: Foretold, placing: Placing): Foretold => ({
  ...found,
  tag: tag === 'UnexpectedEnd' ? 'FramesEnd' : tag,
  offset: placing.at(offset),
})

/** Whether the side may break off with these bytes. */
const mayDepart = ({ plans }: Occasion, guard: UnlessNode | null, bytes: Uint8Array): boolean =>
  guard !== null && bytes.length > 0 && outcomeOf(firstOf(guard.departs, plans), bytes)._tag === 'taken'
