import { joined } from '../../bytes/joined.js'
import { endingsOf } from '../../combinators/ends.js'
import type { FramedNode, ResolvedNode } from '../../combinators/node.js'
import { framesOf, integerBytes, positionInFrames } from '../../combinators/wire-bytes.js'
import { below } from './random.js'
import { type Context, edit, type Rule } from './rule.js'

/** The longest first frame, if there are more frames than needed. */
const mostInFirst = 4096

const nothingBehind: Rule = {
  text: 'nothing behind the value in the frames',
  wrong: 'a byte follows the value in the frames',
  tag: 'TrailingBytes',
  profile: 'canonical',
  keeps: true,
  break: (part, message) => {
    const content = message.contentOf(part, null)
    const total = content.length
    return message.reachesEnd(part)
      ? null
      : edit(framesOf(joined([content, Uint8Array.of(0)])), positionInFrames(total, total + 1))
  },
}

/** Rules of frames: their lengths, their end, and that they contain exactly the value. */
export const framedRules = (
  { inner }: FramedNode<ResolvedNode>,
  { limits }: Context,
): ReadonlyArray<Rule> => {
  const length = (text: string, wrong: string, announced: (size: bigint) => bigint): Rule => ({
    text,
    wrong,
    group: 'a frame within the limit',
    tag: 'LimitExceeded',
    profile: 'compatible',
    break: (part, message) => {
      const content = message.contentOf(part, null)
      return edit(joined([integerBytes(announced(BigInt(content.length))), content, integerBytes(0n)]))
    },
  })
  return [
    length(
      'a frame within the limit',
      'the length of the frame is one more than the limit',
      () => BigInt(limits.frame) + 1n,
    ),
    length('a frame below 2^32', 'the length of the frame is 2^32 too large', (size) => 2n ** 32n + size),
    length('a frame, not 2^63', 'the length of the frame is 2^63', () => 2n ** 63n),
    ...(endingsOf(inner).before ? [nothingBehind] : []),
    {
      text: 'frames as they are cut',
      wrong: 'the content is cut into two frames',
      tag: 'NotCanonical',
      profile: 'canonical',
      keeps: true,
      break: (part, message, random) => {
        const content = message.contentOf(part, null)
        const first = 1 + below(Math.min(content.length, mostInFirst) - 1, random)
        return content.length < 2 ? null : edit(framesOf(content, first), 8 + first)
      },
    },
    {
      text: 'an end frame',
      wrong: 'the end frame is missing',
      tag: 'UnexpectedEnd',
      profile: 'compatible',
      break: (part, message) =>
        message.framesAround(part) === null ? { _tag: 'end', into: message.sizeOf(part) - 8 } : null,
    },
  ]
}
