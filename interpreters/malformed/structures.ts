import { isLeft } from 'fp-ts/lib/Either.js'
import { joined } from '../../bytes/joined.js'
import { endingsOf } from '../../combinators/ends.js'
import type { FramedNode, ImapNode, LazyNode, ResolvedNode, SequenceNode } from '../../combinators/node.js'
import { viewOf } from '../../combinators/view.js'
import { framesOf, integerBytes, positionInFrames } from '../../combinators/wire-bytes.js'
import { sameValues, writtenBytes } from '../../combinators/written.js'
import type { Written } from './layout.js'
import type { Message } from './message.js'
import { type Break, type Context, edit, type Rule, type Site } from './rule.js'
import { variants } from './variants.js'

/** Rules of a set or a map: ascending, each once. */
export const orderRules = (node: SequenceNode<ResolvedNode>): ReadonlyArray<Rule> => {
  if (node.kind === 'list') {
    return []
  }
  const width = node.kind === 'map' ? 2 : 1
  return [
    {
      text: 'in ascending order',
      tag: 'NotCanonical',
      profile: 'canonical',
      break: (part, message) => disordered(part, message, width),
    },
    {
      text: node.kind === 'map' ? 'each key once' : 'each item once',
      tag: 'DuplicateKey',
      profile: 'canonical',
      break: (part, message) => doubled(part, message, width),
    },
  ]
}

/** The parts of a collection as entries: one part each, or a key and a value. */
const entriesOf = ({ parts }: Written, width: number): ReadonlyArray<ReadonlyArray<Written>> =>
  Array.from({ length: (parts.length - 1) / width }, (_, i) =>
    parts.slice(1 + i * width, 1 + (i + 1) * width),
  )

const bytesOfAll = (parts: ReadonlyArray<Written>, message: Message): Uint8Array =>
  joined(parts.map((part) => message.bytesOf(part, null)))

const collection = (
  part: Written,
  entries: ReadonlyArray<Uint8Array>,
  path: Written['path'],
  before: number,
): Break => ({
  _tag: 'edit',
  bytes: joined([integerBytes(BigInt(entries.length)), ...entries]),
  at: entries.slice(0, before).reduce((sum, each) => sum + each.length, 8),
  path: [...part.path, before, ...path],
})

const keyStep = (width: number): Written['path'] => (width === 2 ? ['key'] : [])

const disordered = (part: Written, message: Message, width: number): Break | null => {
  const entries = entriesOf(part, width).map((entry) => bytesOfAll(entry, message))
  if (entries.length < 2) {
    return null
  }
  const last = entries.length - 1
  const swapped = [...entries.slice(0, last - 1), entries[last]!, entries[last - 1]!]
  return collection(part, swapped, keyStep(width), last)
}

const doubled = (part: Written, message: Message, width: number): Break | null => {
  const entries = entriesOf(part, width).map((entry) => bytesOfAll(entry, message))
  const [first] = entries
  return first === undefined ? null : collection(part, [first, ...entries], keyStep(width), 1)
}

/** Rules of an `imap`: what it refuses, and what it would write otherwise. */
export const imapRules = (node: ImapNode<ResolvedNode>, context: Context): ReadonlyArray<Rule> => {
  const { from, to } = viewOf(node)
  const outcome = (inner: unknown): 'refused' | 'normalised' | 'canonical' => {
    const outer = from(inner)
    if (isLeft(outer)) {
      return 'refused'
    }
    const back = to(outer.right)
    return isLeft(back) || !sameValues(node.inner, context.protocol, back.right, inner)
      ? 'normalised'
      : 'canonical'
  }
  const rule = (text: string, tag: Rule['tag'], profile: Rule['profile'], wanted: string): Rule => ({
    text,
    tag,
    profile,
    break: ({ parts: [inner] }) => {
      const other =
        inner === undefined
          ? undefined
          : variants(node.inner, inner.value, context.protocol).find((each) => outcome(each) === wanted)
      return other === undefined ? null : edit(writtenBytes(node.inner, context.protocol, other))
    },
  })
  return [
    rule('a value that it takes', 'InvalidValue', 'compatible', 'refused'),
    rule('a value as it is written', 'NotCanonical', 'canonical', 'normalised'),
  ]
}

/** The rule of a fixed field: its value and no other. */
export const fixedRules = ({ fixed, node }: Site, context: Context): ReadonlyArray<Rule> =>
  fixed === undefined
    ? []
    : [
        {
          text: 'the value that is fixed',
          tag: 'UnexpectedValue',
          profile: fixed.ignored ? 'canonical' : 'compatible',
          break: ({ value }) => {
            const [other] = variants(node, value, context.protocol)
            return other === undefined ? null : edit(writtenBytes(node, context.protocol, other))
          },
        },
      ]

const nothingBehind: Rule = {
  text: 'nothing behind the value in the frames',
  tag: 'TrailingBytes',
  profile: 'canonical',
  break: (part, message) => {
    const content = message.contentOf(part, null)
    const total = content.length
    return message.reachesEnd(part)
      ? null
      : edit(framesOf(joined([content, Uint8Array.of(0)])), positionInFrames(total, total + 1))
  },
}

/** Rules of frames: their lengths, their end, and that they hold the value and nothing else. */
export const framedRules = (
  { inner }: FramedNode<ResolvedNode>,
  { limits }: Context,
): ReadonlyArray<Rule> => {
  const length = (text: string, value: bigint): Rule => ({
    text,
    tag: 'LimitExceeded',
    profile: 'compatible',
    break: (part, message) => {
      const content = message.contentOf(part, null)
      return edit(joined([integerBytes(value), content, integerBytes(0n)]))
    },
  })
  return [
    length('a frame within the limit', BigInt(limits.frame) + 1n),
    length('a frame below 2^32', 2n ** 32n + 8n),
    length('a frame, not 2^63', 2n ** 63n),
    ...(endingsOf(inner).before ? [nothingBehind] : []),
    {
      text: 'frames as they are cut',
      tag: 'NotCanonical',
      profile: 'canonical',
      break: (part, message) => {
        const content = message.contentOf(part, null)
        return content.length < 2 ? null : edit(framesOf(content, 1), 9)
      },
    },
    {
      text: 'an end frame',
      tag: 'UnexpectedEnd',
      profile: 'compatible',
      break: (part, message) =>
        message.framesAround(part) === null ? { _tag: 'end', into: message.sizeOf(part) - 8 } : null,
    },
  ]
}

/** The rule of recursion: it goes no deeper than the limit. A value that recurs is made to recur on. */
export const depthRules = ({ get }: LazyNode<ResolvedNode>, { limits }: Context): ReadonlyArray<Rule> => [
  {
    text: 'within the depth limit',
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
  // With each turn all that is repeated gets deeper; the first `lazy` with too many around it is refused.
  const repeated = laziesBefore(part, inner)
  const cycle = chain.length - 1
  const deepest = repeated.reduce((most, { depth }) => Math.max(most, depth), part.depth)
  const turns = Math.max(0, Math.ceil((limit - deepest) / cycle))
  const refused = repeated.find(({ depth }) => depth + turns * cycle >= limit)
  if (refused === undefined || message.framesAround(refused) !== message.framesAround(part)) {
    return null
  }
  const times = turns + 1
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

/** The `lazy` parts from one down to the next of the same grammar, in the same frames; null where there is none. */
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
