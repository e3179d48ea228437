import type fc from 'fast-check'
import { flowOfEnd } from '../../conversation/delimiter.js'
import type { BlobNode, CarriedNode, FlowNode, Pieces } from '../../conversation/node.js'
import type { Grown, GrownBlob, GrownCarried } from './grown.js'
import { laid } from './laid.js'
import { smallest } from './shrunk.js'
import { Disagreement, type Growth, type Stand, type Supplying, Words } from './stand.js'

/** Streamed bytes: those of a flow, if one defines their end. */
export const growBlob = (growth: Growth, node: BlobNode, old: Grown | null, stand: Stand): GrownBlob => {
  const before = old?._tag === 'blob' ? old : null
  const flow = node.delimiter === null ? null : flowOfEnd(node.delimiter)
  const blob = flow === null ? madeBlob(growth, node, before) : flowBlob(growth, node, flow, before, stand)
  stand.words.add({ of: blob, value: blob.bytes.length })
  return blob
}

const madeBlob = (
  { maker, draw, edit, plans }: Growth,
  node: BlobNode,
  before: GrownBlob | null,
): GrownBlob => {
  const arbitrary = maker.content(node.delimiter)
  const value =
    edit !== null && edit.of === before && edit.made
      ? (edit.made as fc.Value<Uint8Array>)
      : before?.made
        ? edit?.of === null
          ? smallest(arbitrary, before.made.value)
          : before.made.value
        : draw.value(arbitrary)
  return {
    _tag: 'blob',
    node,
    bytes: value.value,
    plans,
    made: { arbitrary, value },
    inner: null,
    leave: null,
  }
}

const flowBlob = (
  growth: Growth,
  node: BlobNode,
  flow: FlowNode,
  before: GrownBlob | null,
  stand: Stand,
): GrownBlob => {
  const { plans } = growth
  const inner = growth.grow(flow, before?.inner ?? null, {
    ...insideOf(stand),
    words: new Words(),
    turn: null,
    after: null,
    loops: [],
  })
  const { bytes } = laid(inner)[node.side]
  return { _tag: 'blob', node, bytes, plans, made: null, inner, leave: null }
}

const lengths = [1, 2, 7, 8, 9, 64, 1000]

/** How the content is cut. */
const cutsOf = ({ draw, edit }: Growth, before: GrownCarried | null): ReadonlyArray<number> =>
  edit !== null && edit.of === before && edit.cuts
    ? edit.cuts
    : (before?.cuts ?? Array.from({ length: draw.below(4) }, () => draw.one(lengths)))

const insideOf = (stand: Stand): Stand => ({
  ...stand,
  words: new Words(stand.words),
  guards: { client: null, server: null },
  supplying: null,
})

export const growFrames = (
  growth: Growth,
  node: CarriedNode,
  old: Grown | null,
  stand: Stand,
): GrownCarried => {
  const before = old?._tag === 'carried' ? old : null
  const { plans } = growth
  const inner = growth.grow(node.inner, before?.inner ?? null, insideOf(stand))
  const { size } = laid(inner)[node.side]
  const cuts = cutsOf(growth, before)
  const frames: GrownCarried = { _tag: 'carried', node, plans, size, inner, cuts, over: null, leave: null }
  stand.words.add({ of: frames, value: size })
  return frames
}

export const growPieces = (
  growth: Growth,
  node: CarriedNode,
  way: Pieces,
  old: Grown | null,
  stand: Stand,
): GrownCarried => {
  const before = old?._tag === 'carried' ? old : null
  const { plans } = growth
  const inner = growth.grow(node.inner, before?.inner ?? null, insideOf(stand))
  const { bytes } = laid(inner)[node.side]
  const supplying: Supplying = { side: node.side, way, rest: bytes, taken: 0 }
  const over = growth.grow(way.over, before?.over ?? null, { ...stand, supplying })
  if (over.leave === null && supplying.rest.length > 0 && (supplying.taken > 0 || way.asks === null)) {
    throw new Disagreement(`what ${node.key} carries was not handed over as a whole`, [])
  }
  const size = bytes.length
  const pieces: GrownCarried = {
    _tag: 'carried',
    node,
    plans,
    size,
    inner,
    cuts: [],
    over,
    leave: over.leave,
  }
  stand.words.add({ of: pieces, value: size })
  return pieces
}
