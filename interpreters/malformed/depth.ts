import { joined } from '../../bytes/joined.js'
import type { LazyNode, ResolvedNode } from '../../combinators/node.js'
import type { Written } from './layout.js'
import type { Message } from './message.js'
import type { Break, Context, Rule } from './rule.js'

/** The size above which nothing is repeated. */
const mostBytes = 2 ** 20

/** The rule of recursion: its depth is limited. A recursive value is nested further. */
export const depthRules = ({ get }: LazyNode<ResolvedNode>, { limits }: Context): ReadonlyArray<Rule> => [
  {
    text: 'within the depth limit',
    wrong: 'it nests deeper than the limit',
    tag: 'LimitExceeded',
    profile: 'compatible',
    break: (part, message) => deepened(part, message, get, limits.depth),
  },
]

const deepened = (part: Written, message: Message, get: LazyNode['get'], limit: number): Break | null => {
  const chain = recursionBelow(part, message, get)
  const inner = chain?.at(-1)
  if (chain === null || inner === undefined) {
    return null
  }
  const start = message.positionOf(part)
  const bytes = message.bytesOf(part, null)
  const from = message.positionOf(inner) - start
  const to = from + message.sizeOf(inner)
  // Each iteration nests the repeated part deeper; the first `lazy` beyond the limit is rejected.
  const repeated = laziesBefore(part, inner)
  const cycle = chain.length - 1
  const deepest = repeated.reduce((most, { depth }) => Math.max(most, depth), part.depth)
  const turns = Math.max(0, Math.ceil((limit - deepest) / cycle))
  const refused = repeated.find(({ depth }) => depth + turns * cycle >= limit)
  if (refused === undefined || message.framesAround(refused) !== message.framesAround(part)) {
    return null
  }
  const times = turns + 1
  if (times * bytes.length > mostBytes) {
    return null
  }
  const once = inner.path.slice(part.path.length)
  return {
    _tag: 'edit',
    bytes: joined([
      ...Array.from({ length: times }, () => bytes.subarray(0, from)),
      bytes.subarray(from, to),
      ...Array.from({ length: times }, () => bytes.subarray(to)),
    ]),
    at: turns * from + message.positionOf(refused) - start,
    path: [
      ...part.path,
      ...Array.from({ length: turns }, () => once).flat(),
      ...refused.path.slice(part.path.length),
    ],
  }
}

/** The `lazy` parts of a part, itself included, that begin before one inside it. */
const laziesBefore = (part: Written, inner: Written): ReadonlyArray<Written> => {
  const found: Array<Written> = []
  const visit = (each: Written): boolean => {
    if (each === inner) {
      return false
    }
    if (each.node._tag === 'lazy') {
      found.push(each)
    }
    return each.parts.every(visit)
  }
  visit(part)
  return found
}

/**
 * The `lazy` parts from one down to the next of the same grammar, in the same frames; null if there is none.
 */
const recursionBelow = (
  part: Written,
  message: Message,
  get: LazyNode['get'],
): ReadonlyArray<Written> | null => {
  const search = (at: Written, chain: ReadonlyArray<Written>): ReadonlyArray<Written> | null => {
    for (const each of at.parts) {
      if (message.framesAround(each) !== message.framesAround(part)) {
        continue
      }
      const next = each.node._tag === 'lazy' ? [...chain, each] : chain
      const found = each.node._tag === 'lazy' && each.node.get === get ? next : search(each, next)
      if (found !== null) {
        return found
      }
    }
    return null
  }
  return search(part, [part])
}
