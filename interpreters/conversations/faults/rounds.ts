import { joined } from '../../../bytes/joined.js'
import { other } from '../../../conversation/checks/facts.js'
import { isOffered } from '../../../conversation/machine/offered.js'
import { written } from '../grow-agreement.js'
import { type Grown, type GrownLoop, type GrownWord, partsOfGrown } from '../grown.js'
import type { BrokenSession } from '../session.js'
import type { Strand } from '../strand.js'
import { changed, expectedFrom } from './change.js'
import { type Occasion, type Site, shuffledBy, sitesOf } from './site.js'

const nothing = new Uint8Array(0)

/** All generated parts, each before those inside it. */
export function* grownIn(grown: Grown): Generator<Grown, void> {
  yield grown
  for (const part of partsOfGrown(grown)) {
    yield* grownIn(part)
  }
}

const loopsIn = ({ grown, draw }: Occasion): ReadonlyArray<GrownLoop> =>
  shuffledBy(
    draw,
    [...grownIn(grown)].flatMap((each) => (each._tag === 'loop' ? [each] : [])),
  )

/** The place of a part, if it belongs to one side and is contiguous. */
const placeOf = (
  sites: ReadonlyArray<Site>,
  part: Grown,
): { readonly strand: Strand; readonly from: number; readonly to: number } | null => {
  const inside = new Set([...grownIn(part)])
  // The content of frames is in strands of its own, which do not belong to the outer one.
  const own = sites.filter(({ item }) => inside.has(item.of))
  const strands = [...new Set(own.map(({ strand }) => strand))].filter(
    ({ carrier }) => carrier === null || !inside.has(carrier.of),
  )
  const [strand] = strands
  if (strand === undefined || strands.length > 1) {
    return null
  }
  const indexes = own.flatMap((site) => (site.strand === strand ? [site.index] : []))
  const [from, to] = [indexes[0]!, indexes.at(-1)! + 1]
  return to - from === indexes.length ? { strand, from, to } : null
}

const rounds = (
  occasion: Occasion,
  brokenBy: (strand: Strand, from: number, to: number) => BrokenSession | null,
): BrokenSession | null => {
  const sites = sitesOf(occasion)
  for (const { node, rounds: all } of loopsIn(occasion)) {
    const last = all.at(-1)
    const place =
      node.until !== null && 'times' in node.until && last !== undefined && last.leave === null
        ? placeOf(sites, last)
        : null
    const broken = place === null ? null : brokenBy(place.strand, place.from, place.to)
    if (broken !== null) {
      return broken
    }
  }
  return null
}

const bytesBetween = ({ items }: Strand, from: number, to: number): Uint8Array =>
  joined(items.slice(from, to).map(({ bytes }) => bytes))

const siteAt = (strand: Strand, index: number): Site => ({ strand, index, item: strand.items[index]! })

export const fewerRounds = (occasion: Occasion): BrokenSession | null =>
  rounds(occasion, (strand, from, to) =>
    changed(occasion, 'there are fewer rounds than announced', siteAt(strand, from), {
      at: from,
      remove: to - from,
      bytes: nothing,
      stops: false,
      from: 0,
      reads: expectedFrom(strand, from),
    }),
  )

export const moreRounds = (occasion: Occasion): BrokenSession | null =>
  rounds(occasion, (strand, from, to) =>
    changed(occasion, 'there are more rounds than announced', siteAt(strand, from), {
      at: to,
      remove: 0,
      bytes: bytesBetween(strand, from, to),
      stops: false,
      from: 0,
      reads: expectedFrom(strand, to),
    }),
  )

/** One more word of a loop that is over. */
export const goesOn = (occasion: Occasion): BrokenSession | null => {
  const { draw, maker } = occasion
  const sites = sitesOf(occasion)
  for (const loop of loopsIn(occasion)) {
    const last = loop.node.until === null && loop.leave === null ? lastDeciding(loop) : null
    const site = sites.find(({ item }) => item.of === last)
    if (last !== null && site !== undefined) {
      const { branch, node, plans } = last
      const more = [...branch!.cases.values()].filter(
        ({ gate, flow }) =>
          flow._tag === 'again' && flow.loop === loop.node.name && isOffered(gate, plans.protocol),
      )
      if (more.length > 0) {
        const { label } = draw.one(more)
        const wish = { _tag: 'label', fields: branch!.on.slice(1), label } as const
        const { value } = draw.value(maker.word(node, plans.protocol, [wish]))
        const broken = changed(occasion, 'it goes on behind its end', site, {
          at: site.index + 1,
          remove: 0,
          bytes: written(plans, node, value),
          stops: false,
          from: 0,
          reads: expectedFrom(site.strand, site.index + 1),
        })
        if (broken !== null) {
          return broken
        }
      }
    }
  }
  return null
}

/** The message with which a loop is left. */
const lastDeciding = ({ rounds: all }: GrownLoop): GrownWord | null => {
  const last = all.at(-1)
  const words = last === undefined ? [] : [...grownIn(last)]
  return words.find((each): each is GrownWord => each._tag === 'word' && each.branch !== null) ?? null
}

const junk: ReadonlyArray<Uint8Array> = [
  new Uint8Array(8).fill(0xff),
  new Uint8Array(16).fill(0xff),
  Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0),
]

/** The side that does not begin turns sends something between two of them. */
export const unasked = (occasion: Occasion): BrokenSession | null => {
  const { laid, draw } = occasion
  const sites = sitesOf(occasion)
  for (const { node, rounds: all } of loopsIn(occasion)) {
    if (node.until === null || 'times' in node.until) {
      continue
    }
    const strand = laid[other(node.until.end)]
    for (const round of shuffledBy(draw, all)) {
      const inside = new Set([...grownIn(round)])
      const times = sites.flatMap(({ item }) => (inside.has(item.of) ? [item.time] : []))
      const end = times.reduce((most, time) => Math.max(most, time), -1)
      const next = strand.items.findIndex(({ time }) => time > end)
      const at = next < 0 ? strand.items.length : next
      const site = strand.items[at - 1] === undefined ? null : siteAt(strand, at - 1)
      const broken =
        site === null || site.item.isDeparture
          ? null
          : changed(occasion, 'a side speaks unasked', site, {
              at,
              remove: 0,
              bytes: draw.one(junk),
              stops: false,
              from: 0,
              reads: expectedFrom(strand, at),
            })
      if (broken !== null) {
        return broken
      }
    }
  }
  return null
}

export const behindEnd = (occasion: Occasion): BrokenSession | null => {
  const { laid, draw } = occasion
  for (const strand of shuffledBy(draw, [laid.client, laid.server])) {
    const index = strand.items.length - 1
    if (index >= 0 && strand.tail._tag === 'end') {
      return changed(occasion, 'bytes follow the end', siteAt(strand, index), {
        at: index + 1,
        remove: 0,
        bytes: draw.one(junk),
        stops: false,
        from: 0,
        reads: [{ reads: strand.tail, mayEnd: true, guard: null }],
      })
    }
  }
  return null
}
