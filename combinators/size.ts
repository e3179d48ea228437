import { expectTagged } from './expect.js'
import type { Node } from './node.js'

/** The fewest and the most bytes that a value can take. */
export interface Bounds {
  readonly min: number
  /** `Infinity` if there is no upper bound. */
  readonly max: number
}

const exactly = (bytes: number): Bounds => ({ min: bytes, max: bytes })

const sum = (parts: ReadonlyArray<Bounds>): Bounds =>
  parts.reduce((a, b) => ({ min: a.min + b.min, max: a.max + b.max }), exactly(0))

const either = (parts: ReadonlyArray<Bounds>): Bounds =>
  parts.reduce((a, b) => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }), {
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  })

/**
 * The fewest and the most bytes that a node's values can take, over all protocols. `lazy` gives the bounds of a
 * forward reference, whose grammar may not exist yet while the grammar around it is being built.
 *
 * ```ts
 * import { bounds, setOf, u64 } from 'nix-wire'
 *
 * bounds(u64.node) // => { min: 8, max: 8 }
 * bounds(setOf(u64).node) // => { min: 8, max: Infinity }
 * ```
 */
export const bounds = (node: Node): Bounds => {
  expectTagged('bounds takes the node of a grammar', node)
  switch (node._tag) {
    case 'int':
    case 'bool':
      return exactly(8)
    case 'bytes':
      return node.length === 'padded'
        ? { min: 8, max: padded(node.limit) }
        : node.length === 'toEnd'
          ? { min: 0, max: node.limit ?? Number.POSITIVE_INFINITY }
          : exactly(node.length)
    case 'text':
      return { min: 8, max: padded(node.limit) }
    case 'struct':
      return sum(node.fields.map((field) => bounds(field.node)))
    case 'sequence':
      return { min: node.count === 'toEnd' ? 0 : 8, max: Number.POSITIVE_INFINITY }
    case 'choice':
      return sum([
        bounds(node.tag),
        either([
          ...node.cases.map((each) => (each.body === undefined ? exactly(0) : bounds(each.body))),
          ...(node.rest === undefined ? [] : [node.rest === 'tag' ? exactly(0) : bounds(node.rest.body)]),
        ]),
      ])
    case 'gated':
      return either([...node.arms.map((arm) => bounds(arm.node)), bounds(node.otherwise)])
    case 'pure':
      return exactly(0)
    case 'lazy':
      // A thunk may refer to something not defined yet; its content is checked when a codec is made.
      return { min: 1, max: Number.POSITIVE_INFINITY }
    case 'imap':
    case 'span':
      return bounds(node.inner)
    case 'until':
      return { min: bounds(node.mark).min, max: Number.POSITIVE_INFINITY }
    case 'framed':
      return { min: 8, max: Number.POSITIVE_INFINITY }
  }
}

const padded = (limit: number | undefined): number =>
  limit === undefined ? Number.POSITIVE_INFINITY : 8 + Math.ceil(limit / 8) * 8
