import { joined } from '../../bytes/joined.js'
import { greatestOf } from '../../combinators/greatest.js'
import {
  type BoolNode,
  type ChoiceNode,
  type IntNode,
  nodeName,
  type ResolvedNode,
  type SequenceNode,
  type UntilNode,
} from '../../combinators/node.js'
import { integerBytes } from '../../combinators/wire-bytes.js'
import type { Written } from './layout.js'
import type { Message } from './message.js'
import { type Break, edit, type Rule, type RuleKind, type Site } from './rule.js'

const maxU64 = 0xffff_ffff_ffff_ffffn
/** The part that a decoder of 32 bits ignores. */
const unseen = 2n ** 32n

/** An integer in words: large ones as powers of two. */
const power = (value: bigint): string =>
  value === 2n ** 63n ? '2^63' : value === maxU64 ? '2^64−1' : value === unseen ? '2^32' : String(value)

const always = (
  text: string,
  group: string,
  tag: Rule['tag'],
  value: bigint,
  profile: Rule['profile'],
): Rule => ({
  text,
  group,
  wrong: `the integer is ${power(value)}`,
  tag,
  profile,
  break: () => edit(integerBytes(value)),
})

const plus = (
  text: string,
  group: string,
  tag: Rule['tag'],
  more: bigint,
  profile: Rule['profile'],
  isWrong: (value: bigint) => boolean,
): Rule => ({
  text,
  group,
  wrong: 'the integer is 2^32 too large',
  tag,
  profile,
  break: ({ value }) => {
    const sum = BigInt(value as number | bigint | boolean) + more
    return isWrong(sum) ? edit(integerBytes(sum)) : null
  },
})

/** Numbers beyond a bound: the next one, and those that a decoder with fewer or with signed bits misreads. */
const beyond = (max: bigint): ReadonlyArray<Rule> =>
  max === maxU64
    ? []
    : [
        ...[...new Set([max + 1n, unseen, 2n ** 63n, maxU64])]
          .filter((value) => value > max)
          .map((value) =>
            always(
              value === max + 1n ? `at most ${max}` : `at most ${max}, not ${value}`,
              `at most ${max}`,
              'OutOfRange',
              value,
              'compatible',
            ),
          ),
        ...(max < unseen
          ? [
              plus(
                `at most ${max}, not 2^32 more`,
                `at most ${max}`,
                'OutOfRange',
                unseen,
                'compatible',
                () => true,
              ),
            ]
          : []),
      ]

/** Rules of an integer by itself. */
export const intRules = (node: IntNode): ReadonlyArray<Rule> => [
  ...beyond(node.max),
  // If all bits count, none is dropped.
  ...(greatestOf(node) === node.max
    ? []
    : [
        {
          text: `only the low ${node.keepBits} bits`,
          group: `only the low ${node.keepBits} bits`,
          wrong: `a bit above the low ${node.keepBits} is set`,
          tag: 'NotCanonical' as const,
          profile: 'canonical' as const,
          break: ({ value }: { readonly value: unknown }) =>
            edit(integerBytes(BigInt(value as number) + greatestOf(node) + 1n)),
          keeps: true as const,
        },
        ...(greatestOf(node) < unseen && node.max >= 2n * unseen
          ? [
              {
                ...plus(
                  `only the low ${node.keepBits} bits, not 2^32 more`,
                  `only the low ${node.keepBits} bits`,
                  'NotCanonical',
                  unseen,
                  'canonical',
                  () => true,
                ),
                keeps: true as const,
              },
            ]
          : []),
      ]),
]

export const boolRules = ({ max, strict }: BoolNode): ReadonlyArray<Rule> => [
  ...beyond(max),
  ...(strict || max < 2n ? [] : othersThanOne(max)),
]

const othersThanOne = (max: bigint): ReadonlyArray<Rule> =>
  [
    always('0 or 1', '0 or 1', 'NotCanonical', 2n, 'canonical'),
    ...[256n, max]
      .filter((value) => value > 2n && value <= max)
      .map((value) => always(`0 or 1, not ${value}`, '0 or 1', 'NotCanonical', value, 'canonical')),
    ...(max > unseen
      ? [plus('0 or 1, not 2^32 more', '0 or 1', 'NotCanonical', unseen, 'canonical', () => true)]
      : []),
  ].map((rule) => reading(rule, true))

/** A rule whose bytes the compatible profile reads as a value. */
const reading = (rule: Rule, value: unknown): Rule => ({
  ...rule,
  break: (part, message, random) => {
    const broken = rule.break(part, message, random)
    return broken?._tag === 'edit' ? { ...broken, reads: { value } } : broken
  },
})

/** The most items, and the most bytes, that are made to exceed a limit. */
const mostItems = 4096
const mostBytes = 65536

const countGroup = 'a count within the limit'

/** Rules of a count, besides those of its integer. */
const countRules = (node: SequenceNode<ResolvedNode>, limit: number): ReadonlyArray<Rule> => {
  if (node.count === 'toEnd') {
    return []
  }
  const { max } = node.count
  const greatest = greatestOf(node.count)
  const isLimited = BigInt(limit) < greatest
  const most = isLimited ? BigInt(limit) : greatest
  const tag = isLimited ? 'LimitExceeded' : 'OutOfRange'
  return [
    ...(isLimited
      ? [
          always(
            'at most the collection limit',
            countGroup,
            'LimitExceeded',
            BigInt(limit) + 1n,
            'compatible',
          ),
        ]
      : []),
    ...(max >= 2n * unseen
      ? [plus('a count below 2^32', countGroup, 'LimitExceeded', unseen, 'compatible', () => true)]
      : []),
    // A count of which only the low bits matter announces at most what fits in them.
    ...(most < BigInt(mostItems) && (isLimited || greatest === max)
      ? [
          {
            text: `at most ${most} items, with one more behind them`,
            wrong: `there are ${most + 1n} items`,
            tag,
            profile: 'compatible',
            break: (part, message) => oneTooMany(node, part, message, Number(most)),
          } as const satisfies Rule,
        ]
      : []),
  ]
}

/** One item too many, with all of them present. */
const oneTooMany = (
  { kind }: SequenceNode<ResolvedNode>,
  part: Written,
  message: Message,
  most: number,
): Break | null => {
  const around = message.parentOf(part)
  if (around === null || around.parts.length < 2) {
    return null
  }
  const width = kind === 'map' ? 2 : 1
  const items = around.parts.slice(1).map((each) => message.bytesOf(each, null))
  const repeated = Array.from({ length: (most + 1) * width }, (_, i) => items[i % items.length]!)
  const size = repeated.reduce((sum, { length }) => sum + length, 0)
  const bytes = joined([integerBytes(BigInt(most) + 1n), ...repeated])
  return size > mostBytes ? null : { _tag: 'edit', bytes, at: 0, target: around, path: part.path }
}

/** The lowest unused number. */
const unused = (max: bigint, taken: ReadonlySet<unknown>): bigint | null => {
  for (let n = 0n; n <= max; n++) {
    if (!taken.has(n)) {
      return n
    }
  }
  return null
}

/** Rules of a tag, besides those of its integer. */
const tagRules = (node: ChoiceNode<ResolvedNode>): ReadonlyArray<Rule> => {
  const { tag, cases, rest } = node
  if (rest !== undefined || tag._tag !== 'int') {
    return []
  }
  const taken = new Set(cases.map((each) => each.tag))
  return unknownNumbers(tag, taken, 'one of the cases', `one of the cases of ${nodeName(node)}`)
}

/** Rules of a mark, besides those of its integer. */
const markRules = ({ mark, next, end }: UntilNode<ResolvedNode>): ReadonlyArray<Rule> =>
  mark._tag === 'int'
    ? unknownNumbers(
        mark,
        new Set([BigInt(next as number), BigInt(end as number)]),
        'one of the two marks',
        'one of the two marks',
      )
    : []

const unknownNumbers = (
  integer: IntNode,
  taken: ReadonlySet<unknown>,
  text: string,
  group: string,
): ReadonlyArray<Rule> => {
  const most = greatestOf(integer)
  const low = unused(most, taken)
  const isUnknown = (value: bigint): boolean => value <= most && !taken.has(value)
  const after = [...taken].flatMap((value) => (typeof value === 'bigint' ? [value + 1n] : [])).find(isUnknown)
  return [
    ...[...new Set([low, after ?? null, most])]
      .filter((value) => value !== null)
      .filter(isUnknown)
      .map((value) => always(`${text}, not ${value}`, group, 'UnknownTag', value, 'compatible')),
    ...(most >= 2n * unseen
      ? [plus(`${text}, not 2^32 more`, group, 'UnknownTag', unseen, 'compatible', isUnknown)]
      : []),
  ]
}

/** Rules of an integer that announces a length or a count. */
export const announcedRules = (
  { role, around }: Site,
  limit: number,
): ReadonlyArray<readonly [RuleKind, ReadonlyArray<Rule>]> => {
  if (role === 'count' && around?._tag === 'sequence') {
    return [['count', countRules(around, limit)]]
  }
  if (role === 'tag' && around?._tag === 'choice') {
    return [['tag', tagRules(around)]]
  }
  return role === 'mark' && around?._tag === 'until' ? [['tag', markRules(around)]] : []
}
