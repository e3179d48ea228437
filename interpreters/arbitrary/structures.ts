import fc from 'fast-check'
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import type { ImapNode, ResolvedNode, SpanNode } from '../../combinators/node.js'
import { compareValues } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { viewOf } from '../../combinators/view.js'
import { sameValues, writtenBytes } from '../../combinators/written.js'
import { bounded } from './edged.js'

/** Option values; some in four of five cases. */
export const options = <A>(inner: fc.Arbitrary<A>): fc.Arbitrary<Option<A>> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant<Option<A>>(none) },
    { weight: 4, arbitrary: inner.map((value): Option<A> => some(value)) },
  )

const ascending = (
  item: ResolvedNode,
  given: Protocol,
  items: ReadonlyArray<unknown>,
): ReadonlyArray<unknown> => [...items].sort((a, b) => compareValues(item, given, a, b))

/** Items without duplicates and in order, as decoded from canonical bytes. */
export const sets = (
  node: ResolvedNode,
  item: fc.Arbitrary<unknown>,
  given: Protocol,
  maxLength: number,
): fc.Arbitrary<ReadonlyArray<unknown>> =>
  fc.uniqueArray(item, { comparator: (a, b) => compareValues(node, given, a, b) === 0, maxLength }).map(
    (items) => ascending(node, given, items),
    (items) => items as Array<unknown>,
  )

/** Sets of more items than usual. */
export const largeSets = (
  node: ResolvedNode,
  items: fc.Arbitrary<ReadonlyArray<unknown>>,
  given: Protocol,
): fc.Arbitrary<ReadonlyArray<unknown>> =>
  items.map(
    (each) => eachOnce(node, given, ascending(node, given, each)),
    (each) => each as ReadonlyArray<unknown>,
  )

/** Maps of more entries than usual. */
export const largeMaps = (
  node: ResolvedNode,
  entries: fc.Arbitrary<ReadonlyArray<readonly [unknown, unknown]>>,
  given: Protocol,
): fc.Arbitrary<ReadonlyMap<unknown, unknown>> =>
  entries.map(
    (each) => {
      const sorted = [...each].sort(([a], [b]) => compareValues(node, given, a, b))
      return new Map(
        sorted.filter(([key], i) => i === 0 || compareValues(node, given, sorted[i - 1]![0], key) !== 0),
      )
    },
    (map) => [...(map as ReadonlyMap<unknown, unknown>)],
  )

const eachOnce = (
  node: ResolvedNode,
  given: Protocol,
  sorted: ReadonlyArray<unknown>,
): ReadonlyArray<unknown> =>
  sorted.filter((item, i) => i === 0 || compareValues(node, given, sorted[i - 1], item) !== 0)

/** Maps with keys in order. */
export const maps = (
  keyNode: ResolvedNode,
  key: fc.Arbitrary<unknown>,
  item: fc.Arbitrary<unknown>,
  given: Protocol,
  maxLength: number,
): fc.Arbitrary<ReadonlyMap<unknown, unknown>> =>
  fc
    .uniqueArray(fc.tuple(key, item), {
      comparator: ([a], [b]) => compareValues(keyNode, given, a, b) === 0,
      maxLength,
    })
    .map(
      (entries) => new Map([...entries].sort(([a], [b]) => compareValues(keyNode, given, a, b))),
      (map) => [...(map as ReadonlyMap<unknown, unknown>)],
    )

/** Values with the bytes that encode them. */
export const spans = (
  { inner }: SpanNode<ResolvedNode>,
  values: fc.Arbitrary<unknown>,
  given: Protocol,
): fc.Arbitrary<unknown> =>
  values.map(
    (value) => ({ value, bytes: writtenBytes(inner, given, value) }),
    (span) => (span as { readonly value: unknown }).value,
  )

/**
 * Values of an imap that encode and decode to themselves. If one is rejected, the nearest one by the imap's own
 * function is used; without it, the items of a list in ascending order without duplicates, which is what most rules
 * require.
 */
export const mapped = (
  node: ImapNode<ResolvedNode>,
  values: fc.Arbitrary<unknown>,
  given: Protocol,
  name: string,
): fc.Arbitrary<unknown> => {
  const { from, to, nearest } = viewOf(node)
  const accepts = (value: unknown): boolean => {
    const outer = from(value)
    const back = isRight(outer) ? to(outer.right) : outer
    return isRight(outer) && isRight(back) && sameValues(node.inner, given, back.right, value)
  }
  const complaint = `no values for ${name}: its imap or refine rejects what its grammar allows`
  return bounded(
    values.map(
      (value) => (accepts(value) ? value : (nearest?.(value) ?? inOrder(node.inner, given, value))),
      (value) => value,
    ),
    accepts,
    complaint,
  ).map(
    (value) => rightOf(from(value)),
    (value) => rightOf(to(value)),
  )
}

const rightOf = (either: Either<string, unknown>): unknown => {
  if (isRight(either)) {
    return either.right
  }
  throw new TypeError(`not a value: ${either.left}`)
}

const inOrder = (node: ResolvedNode, given: Protocol, value: unknown): unknown => {
  if (
    !Array.isArray(value) ||
    !(node._tag === 'until' || (node._tag === 'sequence' && node.kind === 'list'))
  ) {
    return value
  }
  return eachOnce(node.item, given, ascending(node.item, given, value))
}
