import { joined } from '../../../bytes/joined.js'
import { lengthOf, placingOfPieces } from '../laid-carried.js'
import type { BrokenSession } from '../session.js'
import type { Item, Strand } from '../strand.js'
import { brokenOf, changed, endedIn, expectedAt, expectedFrom, foretell } from './change.js'
import { isOutermost, type Occasion, type Site } from './site.js'

type Breaking = (occasion: Occasion, site: Site) => BrokenSession | null

const nothing = new Uint8Array(0)

/** The index after all frames that an item belongs to. */
const behindFrames = ({ strand: { items }, index, item }: Site): number => {
  const next = items.findIndex((each, i) => i > index && each.of !== item.of)
  return next < 0 ? items.length : next
}

const endOf = ({ items }: Strand, { of }: Item): Item =>
  items.find((each) => each.of === of && each.part === 'end')!

export const cutFrame: Breaking = (occasion, site) => {
  const { strand, index, item } = site
  const head = strand.items[index - 1]
  if (item.part !== 'body' || head === undefined || !isOutermost(site) || item.isDeparture) {
    return null
  }
  return changed(occasion, 'a frame is cut', site, {
    at: index - 1,
    remove: 2,
    bytes: joined([head.bytes, item.bytes.subarray(0, occasion.draw.below(item.bytes.length))]),
    stops: true,
    from: 0,
    reads: expectedAt(head),
  })
}

export const noEndFrame: Breaking = (occasion, site) =>
  site.item.part !== 'end' || !isOutermost(site) || site.item.isDeparture
    ? null
    : changed(occasion, 'there is no end frame', site, {
        at: site.index,
        remove: 1,
        bytes: nothing,
        stops: true,
        from: 0,
        reads: expectedAt(site.item),
      })

export const emptyFrame: Breaking = (occasion, site) => {
  const { strand, index, item } = site
  if (item.part !== 'length') {
    return null
  }
  const { bytes } = endOf(strand, item)
  return changed(occasion, 'a frame is empty', site, {
    at: index,
    remove: 0,
    bytes,
    stops: false,
    from: bytes.length,
    reads: expectedFrom(strand, behindFrames(site)),
  })
}

export const frameBehind: Breaking = (occasion, site) => {
  const { strand, index, item } = site
  if (item.part !== 'end' || item.of._tag !== 'carried') {
    return null
  }
  const { node, plans } = item.of
  const body = new Uint8Array(1 + occasion.draw.below(16)).fill(0x61)
  return changed(occasion, 'a frame follows the end frame', site, {
    at: index + 1,
    remove: 0,
    bytes: joined([lengthOf(node, plans, body.length), body, item.bytes]),
    stops: false,
    from: 0,
    reads: expectedFrom(strand, index + 1),
  })
}

/** Ends the content in the middle, with valid frames around it. */
export const cutContent: Breaking = (occasion, site) => {
  const { strand, index, item } = site
  const { carrier } = strand
  if (carrier === null || item.reads === null || item.bytes.length === 0) {
    return null
  }
  const kept = item.bytes.subarray(0, occasion.draw.below(item.bytes.length))
  if (carrier.of.node.way._tag === 'frames') {
    return changed(occasion, 'what is carried is cut', site, {
      at: index,
      remove: strand.items.length - index,
      bytes: kept,
      stops: false,
      from: 0,
      reads: expectedAt(item),
    })
  }
  return carrier.isHeeded && carrier.strand.carrier === null ? cutPieces(occasion, site, kept) : null
}

const cutPieces = (occasion: Occasion, site: Site, kept: Uint8Array): BrokenSession | null => {
  const { strand, item } = site
  const { of, strand: outer, from, to } = strand.carrier!
  const content = joined([...strand.items.slice(0, site.index).map(({ bytes }) => bytes), kept])
  const found = foretell(expectedAt(item), content, item.start)
  if (found === null) {
    return null
  }
  const start = outer.items[from]?.start ?? outer.size
  const { bytes, placing } = placingOfPieces(of, outer.items.slice(from, to), start, content)
  const behind = outer.items.slice(to).map((each) => each.bytes)
  const before = outer.items.slice(0, from).map((each) => each.bytes)
  return brokenOf(occasion, 'what is carried is cut', item, {
    strand: outer,
    bytes: joined([...before, bytes, ...behind]),
    at: placing.at(item.start),
    found: { ...endedIn(found, placing), path: [...strand.within, ...found.path] },
    change: { stops: false },
    isFatal: false,
  })
}
