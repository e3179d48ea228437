import { isToEnd } from '../../combinators/ends.js'
import type { ResolvedNode } from '../../combinators/node.js'
import { depthRules } from './depth.js'
import { framedRules } from './frames.js'
import { announcedRules, boolRules, intRules } from './integers.js'
import type { Written } from './layout.js'
import type { Message } from './message.js'
import { orderRules } from './order.js'
import { lengthRules, messageRules, padding, restRules, utf8Rules, wordRules } from './paddings.js'
import type { Break, Context, Rule, RuleGroup, RuleKind, Site } from './rule.js'
import { textRules } from './texts.js'
import { fixedRules, imapRules } from './values.js'

type Kinds = ReadonlyArray<readonly [RuleKind, ReadonlyArray<Rule>]>

/**
 * Every rule at a place of a grammar, by kind and profile. An acceptable message must keep a fixed value: both profiles
 * would reject another one.
 */
export const rulesAt = (site: Site, context: Context): ReadonlyArray<RuleGroup> =>
  [
    ...nodeRules(site, context),
    ['constant', fixedRules(site, context)] as const,
    ...(isPrimitive(site.node) && !isToEnd(site.node) ? ([['end', endRules(site)]] as const) : []),
  ].flatMap(([kind, rules]) =>
    (['compatible', 'canonical'] as const).flatMap((profile) => {
      const ofProfile = rules.filter(
        (rule) =>
          rule.profile === profile && (profile === 'compatible' || !site.isHeld || rule.keeps === true),
      )
      return ofProfile.length === 0 ? [] : [{ kind, profile, rules: ofProfile }]
    }),
  )

const isPrimitive = ({ _tag }: ResolvedNode): boolean =>
  _tag === 'int' || _tag === 'bool' || _tag === 'bytes' || _tag === 'text'

const nodeRules = (site: Site, context: Context): Kinds => {
  const { node } = site
  const { limits } = context
  switch (node._tag) {
    case 'int':
      return [['integer', intRules(node)], ...announcedRules(site, limits.collection)]
    case 'bool':
      return [['integer', boolRules(node)]]
    case 'bytes':
      return node.length === 'padded'
        ? [
            ['length', [...lengthRules(node, limits.string), ...messageRules(node, site, limits)]],
            ['padding', padding],
          ]
        : [['length', restRules(node)]]
    case 'text':
      return [
        ['length', [...lengthRules(node, limits.string), ...messageRules(node, site, limits)]],
        ['padding', padding],
        ['utf8', utf8Rules(node, limits.string)],
        ['text', textRules(node, 'text', context)],
        ['letter', textRules(node, 'letter', context)],
        ['tag', wordRules(site)],
      ]
    case 'sequence':
      return [['order', orderRules(node, limits.collection, context)]]
    case 'lazy':
      return [['depth', depthRules(node, context)]]
    case 'imap':
      return [['value', imapRules(node, context)]]
    case 'framed':
      return [['frames', framedRules(node, context)]]
    case 'struct':
    case 'choice':
    case 'pure':
    case 'until':
    case 'span':
      return []
  }
}

/** A message, or the frames inside one, must not end before a primitive or inside it. */
const endRules = ({ inFrames }: Site): ReadonlyArray<Rule> => {
  const rule = (text: string, where: string, intoOf: (size: number) => number): Rule => ({
    text: inFrames ? `in the frames, ${text}` : text,
    group: `${inFrames ? 'the frames do' : 'the message does'} not end early`,
    detail: `${inFrames ? 'the frames do' : 'the message does'} not end ${where}`,
    wrong: `${inFrames ? 'the frames end' : 'the message ends'} ${where}`,
    tag: inFrames ? 'FramesEnd' : 'UnexpectedEnd',
    profile: 'compatible',
    break: (part, message) => endingAt(part, message, intoOf(message.sizeOf(part))),
  })
  return [
    rule('there', 'before it', () => 0),
    rule('there whole, not its first byte only', 'after its first byte', () => 1),
    rule('there whole, not half', 'in its middle', (size) => size >> 1),
    rule('there to its last byte', 'before its last byte', (size) => size - 1),
  ]
}

const endingAt = (part: Written, message: Message, into: number): Break | null =>
  into < 0 || into >= message.sizeOf(part) ? null : { _tag: 'end', into }
