import type { ChoiceNode, ResolvedNode, SequenceNode } from '../../combinators/node.js'
import { announcement, down, field, inCase, inLazy, type Role, type Spot, top } from './layout.js'
import type { Site } from './rule.js'

/** Every place of a grammar, in the order of the wire; each recursion is visited once. */
export function* sitesOf(node: ResolvedNode): Generator<{ readonly place: string; readonly site: Site }> {
  yield* below({ node, role: 'value', around: null, fixed: undefined, inFrames: false, isHeld: false }, top)
}

type Found = Generator<{ readonly place: string; readonly site: Site }>

function* below(site: Site, spot: Spot): Found {
  const { node, inFrames, isHeld } = site
  const part = (inner: ResolvedNode, at: Spot, framed = inFrames): Found =>
    below({ node: inner, role: 'value', around: null, fixed: undefined, inFrames: framed, isHeld }, at)
  yield { place: node._tag === 'lazy' ? inLazy(spot, node).place : spot.place, site }
  switch (node._tag) {
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'pure':
      return
    case 'struct':
      for (const { key, node: each, fixed } of node.fields) {
        const inner: Site = {
          node: each,
          role: 'value',
          around: null,
          fixed,
          inFrames,
          isHeld: fixed === undefined ? isHeld : !fixed.ignored,
        }
        yield* below(inner, field(spot, key))
      }
      return
    case 'sequence':
      yield* node.count === 'toEnd' ? [] : announced(node.count, 'count', node, spot, site)
      yield* itemsOf(node, spot, part)
      return
    case 'choice':
      yield* announced(node.tag, 'tag', node, tagSpot(node, spot), site)
      for (const { name, body } of node.cases) {
        yield* body === undefined ? [] : part(body, inCase(spot, name))
      }
      if (typeof node.rest === 'object') {
        yield* part(node.rest.body, inCase(spot, node.rest.name))
      }
      return
    case 'lazy':
      if (!spot.lazies.has(node.get)) {
        yield* part(node.get(), inLazy(spot, node))
      }
      return
    case 'imap':
    case 'span':
      yield* part(node.inner, spot)
      return
    case 'until':
      yield* announced(node.mark, 'mark', node, down(spot, 0), site)
      yield* part(node.item, down(spot, 0))
      return
    case 'framed':
      yield* part(node.inner, spot, true)
      return
  }
}

const tagSpot = (node: ChoiceNode<ResolvedNode>, spot: Spot): Spot =>
  node.shape._tag === 'tagged' ? down(spot, node.shape.key) : spot

function* itemsOf(
  node: SequenceNode<ResolvedNode>,
  spot: Spot,
  part: (node: ResolvedNode, spot: Spot) => Found,
): Found {
  if (node.kind === 'map') {
    yield* part(node.key, down(spot, 0, 'key'))
    yield* part(node.item, down(spot, 0, 'value'))
  } else {
    yield* part(node.item, down(spot, 0))
  }
}

function* announced(
  node: ResolvedNode,
  role: Role,
  around: ResolvedNode,
  spot: Spot,
  { inFrames, isHeld }: Site,
): Found {
  const site: Site = { node, role, around, fixed: undefined, inFrames, isHeld }
  yield { place: announcement(spot, role).place, site }
}
