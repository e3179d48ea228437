import { joined } from '../../bytes/joined.js'
import type { FieldPath, IssueTag } from '../../combinators/issue.js'
import type { Profile } from '../../combinators/limits.js'
import { framesOf, positionInFrames } from '../../combinators/wire-bytes.js'
import type { Written } from './layout.js'
import type { Edit, Message } from './message.js'
import type { Random } from './random.js'
import type { Break, Edited, Rule, RuleGroup, RuleKind } from './rule.js'
import { isTaken } from './taken.js'
import type { Occasion } from './ways.js'

/** A rule of a grammar that bytes can break. */
export interface MalformedRule {
  /** The place and the rule, such as `references[]: padding byte 1 is zero`. It is the same in every run. */
  readonly name: string
  /**
   * What it has in common with others: the rule without its place and without the integer or the byte that is tried, or
   * that it is of the form of a text, such as `Tea: its form`. One mistake of a decoder often shows in all rules of a
   * group.
   */
  readonly group: string
  /** The rule among those of its group, without its place: `padding byte 1 is zero`, or `it is not empty` for a text. */
  readonly detail: string
  /** What is wrong with bytes that break it, such as `padding byte 1 is 0x01`. */
  readonly wrong: string
  /** The issue that breaking it causes. */
  readonly tag: IssueTag
  /** The kind of the rule; inputs are spread over the kinds. */
  readonly kind: RuleKind
  /**
   * `compatible`: both profiles reject the bytes, with the same issue. `canonical`: only the canonical profile
   * rejects them; the compatible profile accepts them, and would write other bytes.
   */
  readonly profile: Profile
}

/** Bytes that break one rule and no other, and the issue they must cause. */
export interface Malformed {
  /** The name of the {@link MalformedRule}. */
  readonly rule: string
  /** What is wrong with the bytes, as in {@link MalformedRule}; `group` and `detail` too. */
  readonly wrong: string
  readonly group: string
  readonly detail: string
  readonly kind: RuleKind
  readonly bytes: Uint8Array
  /** The profile that rejects the bytes, as in {@link MalformedRule}. */
  readonly profile: Profile
  readonly issue: { readonly tag: IssueTag; readonly offset: number; readonly path: FieldPath }
}

/** The rule that nothing follows a message. */
export const behind: RuleGroup = {
  kind: 'behind',
  profile: 'compatible',
  rules: [
    {
      text: 'nothing behind it',
      wrong: 'a byte follows the message',
      tag: 'TrailingBytes',
      profile: 'compatible',
      break: (part, message) => ({
        _tag: 'edit',
        bytes: joined([message.bytesOf(part, null), Uint8Array.of(0)]),
        at: message.sizeOf(part),
        path: [],
      }),
    },
  ],
}

export const nameOf = ({ part, group }: Occasion, rule: Rule): string =>
  nameAt(group === behind ? '' : part.place, rule)

export const nameAt = (place: string, { text }: Rule): string =>
  `${place === '' ? 'message' : place}: ${text}`

/** The group of a rule, and the rule among those of its group. */
export const groupingOf = ({
  text,
  group = text,
  detail = text,
}: Rule): Pick<MalformedRule, 'group' | 'detail'> => ({ group, detail })

/** Null if the message gives no occasion. */
export const broken = (
  message: Message,
  occasion: Occasion,
  rule: Rule,
  random: Random,
): Malformed | null => {
  const { part } = occasion
  const found = rule.break(part, message, random)
  const isNone =
    found === null ||
    (found._tag === 'end'
      ? message.mayEndIn(part, found.into)
      : found.reads !== undefined && !isTaken(message, editOf(part, found), found.reads.value))
  return isNone ? null : sampleOf(occasion, rule, message, found)
}

const editOf = (part: Written, { target = part, bytes }: Edited): Edit => ({
  target,
  bytes,
})

const sampleOf = (occasion: Occasion, rule: Rule, message: Message, found: Break): Malformed => {
  const { part, group } = occasion
  const { tag, profile } = rule
  const what = {
    rule: nameOf(occasion, rule),
    ...groupingOf(rule),
    wrong: rule.wrong,
    kind: group.kind,
    profile,
  }
  if (found._tag === 'end') {
    return { ...what, ...ended(tag, part, message, found.into) }
  }
  const edit = editOf(part, found)
  const offset = message.offsetOf(edit.target, found.at, edit)
  const bytes = message.bytesOf(message.root, edit)
  return { ...what, bytes, issue: { tag, offset, path: found.path ?? part.path } }
}

/** Ends the message, or the frames around a part, inside the part. */
const ended = (
  tag: IssueTag,
  part: Written,
  message: Message,
  into: number,
): Pick<Malformed, 'bytes' | 'issue'> => {
  const frames = message.framesAround(part)
  const at = message.positionOf(part)
  if (frames === null) {
    const bytes = message.bytesOf(message.root, null).slice(0, at + into)
    // In a frame that is cut short, the issue is at the frame.
    const offset = part.node._tag === 'framed' ? bytes.length : at
    return { bytes, issue: { tag, offset, path: part.path } }
  }
  const content = message.contentOf(frames, null).subarray(0, at + into)
  const edit: Edit = { target: frames, bytes: framesOf(content) }
  const offset = message.offsetOf(frames, positionInFrames(at, content.length), edit)
  return { bytes: message.bytesOf(message.root, edit), issue: { tag, offset, path: part.path } }
}
