import fc from 'fast-check'
import { greatestOf } from '../../combinators/greatest.js'
import type { ChoiceNode, IntNode, ResolvedNode, TextNode } from '../../combinators/node.js'
import { isText } from '../../combinators/structures/choice.js'
import { bounded, edged } from './edged.js'
import { plainTexts } from './leaves.js'

/** Tags that no case has; often those near the tag of one, and the bounds. */
export const otherTags = ({
  tag,
  cases,
}: ChoiceNode<ResolvedNode>): fc.Arbitrary<number | bigint | string> => {
  const taken = cases.map((each) => each.tag)
  return tag._tag === 'int' ? otherIntegers(tag, taken.map(BigInt)) : otherTexts(tag, taken.map(String))
}

/** Picks from the free tags by counting only those. */
const otherIntegers = (tag: IntNode, cases: ReadonlyArray<bigint>): fc.Arbitrary<number | bigint> => {
  const taken = [...cases].sort((a, b) => (a < b ? -1 : 1))
  const highest = greatestOf(tag)
  const near = [0n, ...taken.flatMap((each) => [each - 1n, each + 1n, each + 2n ** 32n]), highest]
  const edges = near.filter((each) => each >= 0n && each <= highest && !taken.includes(each))
  const asValue = (integer: bigint): number | bigint => (tag.value === 'bigint' ? integer : Number(integer))
  const free = fc.bigInt({ min: 0n, max: highest - BigInt(taken.length) }).map(
    (rank) => asValue(taken.reduce((integer, each) => (each <= integer ? integer + 1n : integer), rank)),
    (value) => {
      const integer = BigInt(value as number | bigint)
      return integer - BigInt(taken.filter((each) => each < integer).length)
    },
  )
  return edged(free, edges.map(asValue))
}

const otherTexts = (tag: TextNode, taken: ReadonlyArray<string>): fc.Arbitrary<string> => {
  const isFree = (text: string): boolean => !taken.includes(text)
  const near = ['', ...taken.flatMap((text) => [`${text}x`, text.slice(0, -1), text.toUpperCase()])]
  return edged(
    bounded(plainTexts(tag, null), isFree, 'no texts but those of the cases'),
    near.filter((text) => isFree(text) && isText(tag, text)),
  )
}
