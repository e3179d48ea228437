import { joined } from '../../bytes/joined.js'
import type { Limits } from '../../combinators/limits.js'
import type { BytesNode, ChoiceNode, ResolvedNode, TextNode, UntilNode } from '../../combinators/node.js'
import { integerBytes, paddedContent } from '../../combinators/wire-bytes.js'
import type { Written } from './layout.js'
import { lettersNear } from './letters.js'
import { below, oneOf, type Random } from './random.js'
import { edit, type Rule, type Site } from './rule.js'

/** The content of padded bytes. */
export const contentIn = (bytes: Uint8Array): Uint8Array => {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true)
  return bytes.subarray(8, 8 + length)
}

const withLength = (bytes: Uint8Array, length: bigint): Uint8Array =>
  joined([integerBytes(length), bytes.subarray(8)])

const tooLong = (text: string, length: string, lengthOf: (content: Uint8Array) => bigint): Rule => ({
  text,
  wrong: `the length is ${length}`,
  group: 'a length within the limit',
  tag: 'LimitExceeded',
  profile: 'compatible',
  break: ({ bytes }) => (bytes === null ? null : edit(withLength(bytes, lengthOf(contentIn(bytes))))),
})

/** A padding byte that is not zero, for each of the seven possible ones. */
export const padding: ReadonlyArray<Rule> = [1, 2, 3, 4, 5, 6, 7].map((n) => ({
  text: `padding byte ${n} is zero`,
  wrong: `padding byte ${n} is ${n % 2 === 0 ? '0x80' : '0x01'}`,
  group: 'padding is zero',
  tag: 'NonZeroPadding',
  profile: 'compatible',
  break: ({ bytes }) => {
    if (bytes === null) {
      return null
    }
    const at = 8 + contentIn(bytes).length + n - 1
    if (at >= bytes.length) {
      return null
    }
    const broken = bytes.slice()
    broken[at] = n % 2 === 0 ? 0x80 : 1
    return edit(broken, at)
  },
}))

/** A limit that takes more bytes than this to exceed is not tried. */
const mostBytes = 65536

/** Rules of the length of padded bytes, whatever their content. */
export const lengthRules = (node: BytesNode | TextNode, stringLimit: number): ReadonlyArray<Rule> => {
  const limit = Math.min(node.limit ?? stringLimit, stringLimit)
  return [
    ...(limit > mostBytes ? [] : [oneTooLong(limit)]),
    tooLong('a length within the limit', `one more than the limit of ${limit}`, () => BigInt(limit) + 1n),
    tooLong('a length below 2^32', '2^32 too large', (content) => 2n ** 32n + BigInt(content.length)),
    tooLong('a length, not 2^63', '2^63', () => 2n ** 63n),
    tooLong('a length, not 2^64−1', '2^64−1', () => 2n ** 64n - 1n),
  ]
}

/** One byte too many, with all of them present. */
const oneTooLong = (limit: number): Rule => ({
  text: `at most ${limit} bytes, with one more behind them`,
  wrong: `it has ${limit + 1} bytes`,
  tag: 'LimitExceeded',
  profile: 'compatible',
  break: ({ bytes }) => {
    const content = bytes === null || contentIn(bytes).length === 0 ? Uint8Array.of(0x61) : contentIn(bytes)
    return edit(paddedContent(Uint8Array.from({ length: limit + 1 }, (_, i) => content[i % content.length]!)))
  },
})

/** The rule of bytes that read to the end: their own limit. */
export const restRules = ({ length, limit }: BytesNode): ReadonlyArray<Rule> =>
  length !== 'toEnd' || limit === undefined || limit > mostBytes
    ? []
    : [
        {
          text: `at most ${limit} bytes`,
          wrong: `it has ${limit + 1} bytes`,
          tag: 'LimitExceeded',
          profile: 'compatible',
          break: () => edit(new Uint8Array(limit + 1)),
        },
      ]

/** The rule that the whole message is within its limit, if that is lower than the limit of a text. */
export const messageRules = (
  node: BytesNode | TextNode,
  { inFrames }: Site,
  { string, message }: Limits,
): ReadonlyArray<Rule> =>
  message <= Math.min(node.limit ?? string, string) && !inFrames
    ? [tooLong('no more bytes than a message may have', 'that of the longest message', () => BigInt(message))]
    : []

const notUtf8: ReadonlyArray<readonly [string, string, ReadonlyArray<number>]> = [
  ['no byte 0xff', 'a byte 0xff', [0xff]],
  ['no continuation without a start', 'a continuation byte without a start', [0x80]],
  ['no overlong form', 'an overlong form, c0 af', [0xc0, 0xaf]],
  ['no surrogate', 'a surrogate, ed a0 80', [0xed, 0xa0, 0x80]],
  ['nothing above U+10FFFF', 'a character above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
]

/** The group of the rules of UTF-8. */
export const utf8Group = 'UTF-8'

/** Rules of UTF-8: an invalid sequence at any place of the text, and one at its end that is cut off. */
export const utf8Rules = (node: TextNode, stringLimit: number): ReadonlyArray<Rule> => {
  const limit = Math.min(node.limit ?? stringLimit, stringLimit)
  const rule = (
    text: string,
    what: string,
    change: (content: Uint8Array, random: Random) => Uint8Array,
  ): Rule => ({
    text: `${utf8Group}: ${text}`,
    group: utf8Group,
    detail: text,
    wrong: `the text has ${what}`,
    tag: 'NotUtf8',
    profile: 'compatible',
    break: ({ bytes }, _, random) => {
      if (bytes === null) {
        return null
      }
      const content = change(contentIn(bytes), random)
      return content.length > limit ? null : edit(paddedContent(content), 8)
    },
  })
  return node.encoding === 'escaped'
    ? []
    : [
        ...notUtf8.map(([text, what, sequence]) =>
          rule(text, what, (content, random) => {
            const at = below(content.length + 1, random)
            return joined([content.subarray(0, at), Uint8Array.from(sequence), content.subarray(at)])
          }),
        ),
        rule('no character cut short', 'a character cut short at its end', (content) =>
          joined([content, Uint8Array.of(0xe2, 0x82)]),
        ),
      ]
}

/** Rules of a text that announces something: a choice's tag, or the mark before an item. */
export const wordRules = ({ role, around }: Site): ReadonlyArray<Rule> => {
  const known = wordsOf(role, around)
  const rule = (text: string, wrong: string, change: (word: string, random: Random) => string): Rule => ({
    text,
    wrong: `the word ${wrong}`,
    group: 'one of the words',
    tag: 'UnknownTag',
    profile: 'compatible',
    break: ({ value }: Written, _, random) => {
      const word = change(value as string, random)
      return known.includes(word) ? null : edit(paddedContent(new TextEncoder().encode(word)))
    },
  })
  return known.length === 0
    ? []
    : [
        rule('one of the words, not one more letter', 'has one more letter', (word) => `${word}x`),
        rule('one of the words, not upper case', 'is in upper case', (word) => word.toUpperCase()),
        rule('one of the words, not empty', 'is empty', () => ''),
        rule('one of the words, not another letter', 'has another letter', (word, random) => {
          const at = below(word.length, random)
          return `${word.slice(0, at)}${oneOf(lettersNear(word), random) ?? ''}${word.slice(at + 1)}`
        }),
      ]
}

const wordsOf = (role: Site['role'], around: Site['around']): ReadonlyArray<unknown> => {
  if (role === 'tag' && around?._tag === 'choice') {
    const { cases, rest } = around satisfies ChoiceNode<ResolvedNode>
    return rest === undefined ? cases.map((each) => each.tag) : []
  }
  return role === 'mark' && around?._tag === 'until'
    ? [(around satisfies UntilNode<ResolvedNode>).next, around.end]
    : []
}
