import { greatestOf } from '../../combinators/greatest.js'
import type {
  BoolNode,
  ChoiceNode,
  IntNode,
  ResolvedNode,
  SequenceNode,
  UntilNode,
} from '../../combinators/node.js'
import { integerBytes } from '../../combinators/wire-bytes.js'
import { edit, type Rule, type Site } from './rule.js'

const maxU64 = 0xffff_ffff_ffff_ffffn

const always = (text: string, tag: Rule['tag'], value: bigint, profile: Rule['profile']): Rule => ({
  text,
  tag,
  profile,
  break: () => edit(integerBytes(value)),
})

/** Numbers beyond a bound: the next one, and those that a reader of fewer or of signed bits mistakes. */
const beyond = (max: bigint): ReadonlyArray<Rule> =>
  max === maxU64
    ? []
    : [...new Set([max + 1n, 2n ** 32n, 2n ** 63n, maxU64])]
        .filter((value) => value > max)
        .map((value) =>
          always(
            value === max + 1n ? `at most ${max}` : `at most ${max}, not ${value}`,
            'OutOfRange',
            value,
            'compatible',
          ),
        )

/** Rules of an integer by itself. */
export const intRules = (node: IntNode): ReadonlyArray<Rule> => [
  ...beyond(node.max),
  // Where all bits are kept none is dropped.
  ...(greatestOf(node) === node.max
    ? []
    : [
        {
          text: `only the low ${node.keepBits} bits`,
          tag: 'NotCanonical' as const,
          profile: 'canonical' as const,
          break: ({ value }: { readonly value: unknown }) =>
            edit(integerBytes(BigInt(value as number) + greatestOf(node) + 1n)),
        },
      ]),
]

export const boolRules = ({ max, strict }: BoolNode): ReadonlyArray<Rule> => [
  ...beyond(max),
  ...(strict ? [] : [always('0 or 1', 'NotCanonical', 2n, 'canonical')]),
]

/** Rules of a count, besides those of its integer. */
const countRules = ({ count }: SequenceNode<ResolvedNode>, limit: number): ReadonlyArray<Rule> =>
  count !== 'toEnd' && BigInt(limit) < count.max
    ? [always('at most the collection limit', 'LimitExceeded', BigInt(limit) + 1n, 'compatible')]
    : []

/** The lowest number that is not taken. */
const unused = (max: bigint, taken: ReadonlySet<unknown>): bigint | null => {
  for (let n = 0n; n <= max; n++) {
    if (!taken.has(n)) {
      return n
    }
  }
  return null
}

/** Rules of a tag, besides those of its integer. */
const tagRules = ({ tag, cases, rest }: ChoiceNode<ResolvedNode>): ReadonlyArray<Rule> => {
  if (rest !== undefined || tag._tag !== 'int') {
    return []
  }
  const taken = new Set(cases.map((each) => each.tag))
  return unknownNumbers(tag, taken, 'one of the cases')
}

/** Rules of a mark, besides those of its integer. */
const markRules = ({ mark, next, end }: UntilNode<ResolvedNode>): ReadonlyArray<Rule> =>
  mark._tag === 'int'
    ? unknownNumbers(mark, new Set([BigInt(next as number), BigInt(end as number)]), 'one of the two marks')
    : []

const unknownNumbers = (integer: IntNode, taken: ReadonlySet<unknown>, text: string): ReadonlyArray<Rule> => {
  const most = greatestOf(integer)
  const low = unused(most, taken)
  return [...new Set([low, taken.has(most) ? null : most])]
    .filter((value) => value !== null)
    .map((value) => always(`${text}, not ${value}`, 'UnknownTag', value, 'compatible'))
}

/** Rules of an integer that announces something. */
export const announcedRules = ({ role, around }: Site, limit: number): ReadonlyArray<Rule> => {
  if (role === 'count' && around?._tag === 'sequence') {
    return countRules(around, limit)
  }
  if (role === 'tag' && around?._tag === 'choice') {
    return tagRules(around)
  }
  return role === 'mark' && around?._tag === 'until' ? markRules(around) : []
}
