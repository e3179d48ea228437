import type { FlowNode } from '../../../conversation/node.js'
import type { Plans } from '../../compile/resumable.js'
import type { Grown } from '../grown.js'
import type { Laid } from '../laid.js'
import type { Maker } from '../maker.js'
import type { Draw } from '../stand.js'
import type { Item, Strand } from '../strand.js'

/** A session in which a rule is to be broken. */
export interface Occasion {
  readonly flow: FlowNode
  readonly maker: Maker
  readonly grown: Grown
  readonly laid: Laid
  readonly plans: Plans
  readonly draw: Draw
}

/** A place in it. */
export interface Site {
  readonly strand: Strand
  readonly index: number
  readonly item: Item
}

export const sitesOf = ({ laid }: Occasion): ReadonlyArray<Site> =>
  laid.strands.flatMap((strand) => strand.items.map((item, index) => ({ strand, index, item })))

/** Whether it is directly in the stream of its side, and not inside another message. */
export const isOutermost = ({ strand }: Site): boolean => strand.carrier === null

/** In random order. */
export const shuffledBy = <A>(draw: Draw, all: ReadonlyArray<A>): ReadonlyArray<A> => {
  const result = [...all]
  for (let i = result.length - 1; i > 0; i--) {
    const j = draw.below(i + 1)
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}
