import { expectEnds } from '../ends.js'
import { expectNames, expectNoOptions } from '../expect.js'
import {
  type Ending,
  type Grammar,
  grammarOf,
  type IntNode,
  nodeOf,
  type TextNode,
  type TypeOf,
} from '../node.js'
import type { IsWide, Refused } from '../refused.js'
import { bounds } from '../size.js'
import { checkMark, integerOf, markNode } from './choice.js'
import type { FittingMark, Tag } from './fitting.js'

/** Requires a mark that differs from the other one. */
type Unlike<N, E> =
  IsWide<N | E> extends true ? unknown : [E] extends [N] ? Refused<'two different marks'> : unknown

/** A mark in the type of its node's values: a bigint, a number or a string. */
const markOf = (node: IntNode | TextNode, name: string, given: unknown): unknown => {
  const mark = typeof given === 'string' ? given : integerOf(`the mark ${name}`, given)
  checkMark(node, mark)
  return typeof mark === 'bigint' && node._tag === 'int' && node.value === 'number' ? Number(mark) : mark
}

/**
 * Items without a count: the mark `next` comes before each item, and the mark `end` after the last.
 *
 * ```ts
 * import { bytesOf, compile, u64, until, utf8 } from 'nix-wire'
 *
 * const Names = until(u64, { next: 1n, end: 0n }, utf8)
 * compile(Names, {}).decode(bytesOf('0100000000000000 0100000000000000 6100000000000000 0000000000000000'))
 * // => { _tag: 'Right', right: ['a'] }
 * ```
 *
 * The marks are integers, or texts without a format. Issues: `UnknownTag` for any other mark, `LimitExceeded` for
 * more items than the codec's collection limit, and those of the items, with the index in their path.
 */
export const until: <M extends Tag, const N extends TypeOf<M>, const E extends TypeOf<M>, A>(
  mark: M,
  marks: { readonly next: N & FittingMark<M, N>; readonly end: E & FittingMark<M, E> & Unlike<N, E> },
  item: Grammar<A> & Ending,
) => Grammar<ReadonlyArray<A>> = (mark, marks, item, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('until', more)
  const node = markNode('mark', nodeOf('the mark of until', mark))
  const items = nodeOf('the item of until', item)
  expectNames('the marks of until', marks, 'mark', ['next', 'end'])
  expectEnds('the item of until', items, 'a mark comes')
  const [next, end] = [markOf(node, 'next', marks.next), markOf(node, 'end', marks.end)]
  if (next === end || bounds(items).min === 0) {
    throw new TypeError('until needs two different marks, and items that take at least one byte')
  }
  return grammarOf({ _tag: 'until', mark: node, next, end, item: items })
}
