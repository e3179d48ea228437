import { joined } from '../../bytes/joined.js'
import { other } from '../../conversation/checks/facts.js'
import type { ConversationEvent } from '../../conversation/events.js'
import { behindBytes } from '../../conversation/machine/piece-place.js'
import type { CarriedNode, Frames, Pieces } from '../../conversation/node.js'
import { written } from './grow-agreement.js'
import type { GrownCarried, GrownWord } from './grown.js'
import type { Lane, Lays, Telling } from './lane.js'
import { type Item, Placing, type Strand } from './strand.js'
import { withValueAt } from './values.js'

/** Lays the content out in a strand of its own. */
const layInside = (
  laying: Lays,
  { node, inner }: GrownCarried,
  lane: Lane,
): { readonly strand: Strand; readonly told: Array<Telling> } => {
  const { side, key } = node
  const outer = lane.strands[side]
  const strand = laying.strand(side, [...outer.within, key])
  const told: Telling[] = []
  laying.lay(inner, {
    ...lane,
    strands: { ...lane.strands, [side]: strand, [other(side)]: lane.strands[other(side)] },
    guards: { client: null, server: null },
    feeding: null,
    tell: (telling) => {
      told.push(telling)
    },
  })
  return { strand, told }
}

export const layCarried = (laying: Lays, grown: GrownCarried, lane: Lane): void => {
  const { node } = grown
  if (node.way._tag === 'frames') {
    layFrames(laying, grown, node.way, lane)
  } else {
    layPieces(laying, grown, node.way.of[0], lane)
  }
}

/** A frame: its written length, and its content. */
export interface Frame {
  readonly length: Uint8Array
  readonly body: Uint8Array
}

/** Cuts a content into frames; the last is the end frame. */
export const framesOf = ({ node, plans, cuts }: GrownCarried, content: Uint8Array): ReadonlyArray<Frame> => {
  const bodies: Uint8Array[] = []
  for (let at = 0; at < content.length; ) {
    const size = cuts.length === 0 ? content.length : cuts[bodies.length % cuts.length]!
    bodies.push(content.subarray(at, at + size))
    at += size
  }
  return [...bodies, new Uint8Array(0)].map((body) => ({ length: lengthOf(node, plans, body.length), body }))
}

/** The length of a frame, written. */
export const lengthOf = ({ key, way }: CarriedNode, plans: GrownCarried['plans'], size: number): Uint8Array =>
  written(plans, { key, grammar: (way as Frames).length }, size)

/** The place of the content of frames, after `start`. */
export const placingOf = (frames: ReadonlyArray<Frame>, start: number): Placing => {
  const placing = new Placing(start)
  let at = start
  for (const { length, body } of frames) {
    if (body.length > 0) {
      placing.add(body.length, at + length.length)
    }
    at += length.length + body.length
  }
  return placing
}

const layFrames = (laying: Lays, grown: GrownCarried, way: Frames, lane: Lane): void => {
  const { node, plans } = grown
  const { side, key } = node
  const { strand: inside, told } = layInside(laying, grown, lane)
  const strand = lane.strands[side]
  const start = strand.size
  const from = strand.items.length
  const frames = framesOf(grown, inside.bytes)
  const chunks = frames.slice(0, -1).map(({ body }) => body)
  laying.hand(lane, { side, key, chunks, rest: new Uint8Array(0) })
  const turn = lane.turn?.turn ?? null
  const common = { of: grown, turn, isDeparture: lane.isDeparture, guard: lane.guards[side] }
  for (const { length, body } of frames) {
    const part = body.length === 0 ? 'end' : 'length'
    const reads = { _tag: 'frames', key, length: way.length, plans } as const
    strand.add({ ...common, part, bytes: length, time: laying.time(), reads })
    if (body.length > 0) {
      strand.add({ ...common, part: 'body', bytes: body, time: laying.time(), reads: null })
    }
  }
  inside.carrier = { of: grown, strand, from, to: strand.items.length, isHeeded: lane.isHeeded }
  const placing = placingOf(frames, start)
  for (const telling of told) {
    lane.tell(moved(telling, placing))
  }
  const event: ConversationEvent = {
    kind: 'flowed',
    side,
    key,
    within: strand.within,
    turn,
    start,
    end: strand.size,
    size: inside.size,
    pieces: frames.length - 1,
    trailing: 0,
    digest: null,
  }
  lane.tell({ event, end: strand.size, toEnd: false })
}

/** The same place in the outer content. */
const moved = (telling: Telling, placing: Placing, cut: number = Number.POSITIVE_INFINITY): Telling => {
  const { event, toEnd } = telling
  if (event.kind !== 'said' && event.kind !== 'flowed') {
    return telling
  }
  const last = Math.min(event.end, cut)
  const size = last - event.start
  const start = placing.start(event.start, size)
  const end = placing.end(event.start, size)
  const kept = event.kind === 'flowed' && event.end > cut ? { size: size } : {}
  return { event: { ...event, ...kept, start, end }, end, toEnd }
}

const layPieces = (laying: Lays, grown: GrownCarried, of: string, lane: Lane): void => {
  const { node, over } = grown
  const { side, key } = node
  const { strand: inside, told } = layInside(laying, grown, lane)
  const strand = lane.strands[side]
  const start = strand.size
  const from = strand.items.length
  const placing = new Placing(start)
  const content = inside.bytes
  const chunks: Uint8Array[] = []
  const tellWhole = () => {
    for (let next = told[0]; next !== undefined && next.end <= placing.size && !next.toEnd; next = told[0]) {
      lane.tell(moved(next, placing))
      told.shift()
    }
  }
  const take = (word: GrownWord, at: number) => {
    const { size, behind } = word.piece!
    chunks.push(content.subarray(placing.size, placing.size + size))
    placing.add(size, at + word.bytes.length - behind - size)
    tellWhole()
  }
  laying.lay(over!, { ...lane, feeding: { key: of, take, around: lane.feeding } })
  laying.hand(lane, { side, key, chunks, rest: content.subarray(placing.size) })
  const { leave } = grown
  inside.carrier = {
    of: grown,
    strand,
    from,
    to: strand.items.length,
    isHeeded: leave === null && chunks.length > 0,
  }
  if (typeof leave === 'object' && leave !== null && leave._tag === 'departs') {
    return
  }
  tellWhole()
  const next = told[0]
  if (next?.toEnd) {
    lane.tell(moved(next, placing, placing.size))
  }
  const event: ConversationEvent = {
    kind: 'flowed',
    side,
    key,
    within: strand.within,
    turn: lane.turn?.turn ?? null,
    start,
    end: strand.size,
    size: placing.size,
    pieces: chunks.length,
    trailing: 0,
    digest: null,
  }
  lane.tell({ event, end: strand.size, toEnd: false })
}

/** The same messages with another, shorter content in their pieces. */
export const placingOfPieces = (
  { node }: GrownCarried,
  items: ReadonlyArray<Item>,
  start: number,
  content: Uint8Array,
): { readonly bytes: Uint8Array; readonly placing: Placing } => {
  const { of } = node.way as Pieces
  const placing = new Placing(start)
  let at = start
  const words = items.map((item) => {
    const word = item.of
    const isPiece = word._tag === 'word' && word.piece !== null && word.node.key === of[0]
    const piece = isPiece ? content.subarray(placing.size, placing.size + word.piece.size) : null
    const bytes =
      piece === null || word._tag !== 'word'
        ? item.bytes
        : written(word.plans, word.node, withValueAt(word.value, of.slice(1), piece))
    if (piece !== null && word._tag === 'word') {
      const behind = behindBytes(
        word.node.grammar.node,
        of.slice(1),
        withValueAt(word.value, of.slice(1), piece),
        word.plans.protocol,
      )
      placing.add(piece.length, at + bytes.length - (behind ?? 0) - piece.length)
    }
    at += bytes.length
    return bytes
  })
  return { bytes: joined(words), placing }
}
