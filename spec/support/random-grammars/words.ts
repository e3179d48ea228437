import { left, right } from 'fp-ts/lib/Either.js'
import {
  allOf,
  anyOf,
  before,
  byProtocol,
  defaults,
  feature,
  framed,
  type Gate,
  type Grammar,
  imap,
  intUpTo,
  lazy,
  listOf,
  listToEnd,
  lowBits,
  mapOf,
  named,
  not,
  optionalByOpenTag,
  optionalByTag,
  refine,
  setOf,
  showGate,
  since,
  size,
  struct,
  summarised,
  tuple,
  u8,
  u32,
  u64,
  under,
  until,
  utf8,
  versioned,
  withBytes,
} from '../../../combinators/index.js'
import type { Draw } from './draw.js'
import type { Untyped } from './recipe.js'
import { record, recursive, row, union } from './structures.js'
import {
  anyValue,
  around,
  ends,
  endsRecursion,
  features,
  inside,
  keepsEnd,
  known,
  one,
  versions,
  type Word,
} from './word.js'

const gate = (draw: Draw, depth = 2): Gate => {
  switch (draw.below(depth === 0 ? 3 : 6)) {
    case 0:
      return since(draw.one(versions))
    case 1:
      return before(draw.one(versions))
    case 2:
      return feature(draw.one(features))
    case 3:
      return not(gate(draw, depth - 1))
    case 4:
      return allOf(gate(draw, depth - 1), gate(draw, depth - 1))
    default:
      return anyOf(gate(draw, depth - 1), gate(draw, depth - 1))
  }
}

interface Box {
  readonly boxed: unknown
}

const boxed = (part: Untyped): Grammar<Box> =>
  imap(
    part,
    (value) => right({ boxed: value }),
    (box: Box) => (typeof box === 'object' && box !== null ? right(box.boxed) : left('a box')),
    { json: struct('Box', { boxed: part }) },
  )

const agreed = (draw: Draw) => ({ version: draw.one(versions), features: draw.some(features, 0, 2) })

/** Combinators with parts. */
export const compound: ReadonlyArray<Word> = [
  record,
  row,
  union,
  union,
  recursive,
  one('twice(%)', (part) => tuple(part, part)),
  one('listOf(%)', listOf, endsRecursion),
  one('listOf(%, { count: intUpTo(3) })', (part) => listOf(part, { count: intUpTo(3) }), endsRecursion),
  one('listOf(%, { count: lowBits(2) })', (part) => listOf(part, { count: lowBits(2) }), endsRecursion),
  (draw, where, part) => {
    const length = draw.below(4)
    const place = length < 2 ? inside(where, keepsEnd) : inside(where)
    return around(`listOf(%, { length: ${length} })`, [part(place)], (item) => listOf(item!, { length }))
  },
  one('setOf(%)', setOf, endsRecursion),
  one('setOf(%, { count: lowBits(1) })', (part) => setOf(part, { count: lowBits(1) }), endsRecursion),
  (draw, where, part) => {
    const duplicates = draw.one(['first', 'last'] as const)
    const [count, shown] = draw.one([
      [size, 'size'],
      [lowBits(2), 'lowBits(2)'],
    ] as const)
    const place = inside(where, endsRecursion)
    const text = `mapOf(%, %, { duplicates: '${duplicates}', count: ${shown} })`
    return around(text, [part(place), part(place)], (key, item) => mapOf(key!, item!, { duplicates, count }))
  },
  one('optionalByTag(u8, %)', (part) => optionalByTag(u8, part), endsRecursion, keepsEnd),
  one('optionalByOpenTag(u32, %)', (part) => optionalByOpenTag(u32, part), endsRecursion, keepsEnd),
  one(
    'until(u64, { next: 1n, end: 0n }, %)',
    (part) => until(u64, { next: 1n, end: 0n }, part),
    endsRecursion,
  ),
  one(
    "until(utf8, { next: 'more', end: '' }, %)",
    (part) => until(utf8, { next: 'more', end: '' }, part),
    endsRecursion,
  ),
  one(
    'until(lowBits(2), { next: 1, end: 2 }, %)',
    (part) => until(lowBits(2), { next: 1, end: 2 }, part),
    endsRecursion,
  ),
  one('framed(%)', framed, ends),
  one('withBytes(%)', withBytes, keepsEnd),
  one('withBytes(%)', withBytes, keepsEnd),
  one('boxed(%)', boxed, keepsEnd),
  one('imap(%, same)', (part) => imap(part, right, right), keepsEnd),
  one('refine(%, anything)', (part) => refine(part, 'anything', () => true), keepsEnd),
  one(
    'refine(listOf(%), at most two)',
    (part) => refine(listOf(part), 'at most two', ({ length }) => length <= 2),
    endsRecursion,
  ),
  (draw, where, part) => {
    const name = draw.one(['Name', 'Other', 'u8', 'a-b', 'Ä'])
    return around(`named('${name}', %)`, [part(inside(where, keepsEnd))], (each) => named(name, each!))
  },
  one('summarised(%)', (part) => summarised('in short', part), keepsEnd),
  (draw, where, part) => {
    const usual = agreed(draw)
    return around(`defaults(${JSON.stringify(usual)}, %)`, [part(inside(where, keepsEnd))], (each) =>
      defaults(usual, each!),
    )
  },
  (draw, where, part) => {
    const fixed = agreed(draw)
    return around(`under(${JSON.stringify(fixed)}, %)`, [part(inside(where, known, keepsEnd))], (each) =>
      under(fixed, each!),
    )
  },
  one('lazy(() => %)', (part) => lazy(() => part), keepsEnd),
]

/** Combinators that read to the end of the message. */
export const compoundToEnd: ReadonlyArray<Word> = [one('listToEnd(%)', listToEnd, endsRecursion)]

/** Combinators that depend on the protocol. */
export const asking: ReadonlyArray<Word> = [
  (draw, where, part) => {
    const [on, seed] = [gate(draw), draw.below(2 ** 31)]
    const made = part(inside(where, known, keepsEnd))
    return around(`versioned(${showGate(on)}, %, a value)`, [made], (each) =>
      versioned(on, each!, anyValue(each!, seed)),
    )
  },
  (draw, where, part) => {
    const [on, other] = [gate(draw), gate(draw)]
    const text = `byProtocol([[${showGate(on)}, framed(X)], [${showGate(other)}, imap(X, same)]], X = %)`
    return around(text, [part(inside(where))], (each) =>
      byProtocol(
        [
          [on, framed(each!)],
          [other, imap(each!, right, right)],
        ],
        each!,
      ),
    )
  },
]
