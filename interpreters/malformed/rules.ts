import { isToEnd } from '../../combinators/ends.js'
import type { ResolvedNode } from '../../combinators/node.js'
import { announcedRules, boolRules, intRules } from './integers.js'
import type { Written } from './layout.js'
import type { Message } from './message.js'
import { messageRules, paddedRules, restRules, utf8Rules, wordRules } from './paddings.js'
import type { Break, Context, Rule, Site } from './rule.js'
import { depthRules, fixedRules, framedRules, imapRules, orderRules } from './structures.js'
import { textRules } from './texts.js'

/** Every rule that holds at a place of a grammar. */
export const rulesAt = (site: Site, context: Context): ReadonlyArray<Rule> => [
  ...nodeRules(site, context),
  ...fixedRules(site, context),
  ...(isPrimitive(site.node) && !isToEnd(site.node) ? endRules(site) : []),
]

const isPrimitive = ({ _tag }: ResolvedNode): boolean =>
  _tag === 'int' || _tag === 'bool' || _tag === 'bytes' || _tag === 'text'

const nodeRules = (site: Site, context: Context): ReadonlyArray<Rule> => {
  const { node } = site
  const { limits } = context
  switch (node._tag) {
    case 'int':
      return [...intRules(node), ...announcedRules(site, limits.collection)]
    case 'bool':
      return boolRules(node)
    case 'bytes':
      return node.length === 'padded'
        ? [...paddedRules(node, limits.string), ...messageRules(node, site, limits)]
        : restRules(node)
    case 'text':
      return [
        ...paddedRules(node, limits.string),
        ...messageRules(node, site, limits),
        ...utf8Rules(node, limits.string),
        ...textRules(node, context),
        ...wordRules(site),
      ]
    case 'sequence':
      return orderRules(node)
    case 'lazy':
      return depthRules(node, context)
    case 'imap':
      return imapRules(node, context)
    case 'framed':
      return framedRules(node, context)
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
  const rule = (text: string, intoOf: (size: number) => number): Rule => ({
    text: inFrames ? `in the frames, ${text}` : text,
    tag: inFrames ? 'FramesEnd' : 'UnexpectedEnd',
    profile: 'compatible',
    break: (part, message) => endingAt(part, message, intoOf(message.sizeOf(part))),
  })
  return [
    rule('there', () => 0),
    rule('there whole, not its first byte only', () => 1),
    rule('there whole, not half', (size) => size >> 1),
    rule('there to its last byte', (size) => size - 1),
  ]
}

const endingAt = (part: Written, message: Message, into: number): Break | null =>
  into < 0 || into >= message.sizeOf(part) ? null : { _tag: 'end', into }
