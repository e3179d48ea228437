import { isLeft } from 'fp-ts/lib/Either.js'
import { bytesBefore } from '../../combinators/content.js'
import { type ImapNode, nodeName, type ResolvedNode } from '../../combinators/node.js'
import { viewOf } from '../../combinators/view.js'
import { paddedContent } from '../../combinators/wire-bytes.js'
import { sameValues, writtenBytes } from '../../combinators/written.js'
import { oneOf } from './random.js'
import { type Context, edit, type Rule, type Site } from './rule.js'
import { variants } from './variants.js'

/** Rules of an `imap`: what it rejects, and what it would write differently. */
export const imapRules = (node: ImapNode<ResolvedNode>, context: Context): ReadonlyArray<Rule> => {
  const { from, to } = viewOf(node)
  const before = bytesBefore(node.inner)
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
  const rule = (
    text: string,
    wrong: string,
    tag: Rule['tag'],
    profile: Rule['profile'],
    wanted: string,
  ): Rule => ({
    text,
    wrong,
    group: `${nodeName(node)}: ${text}`,
    tag,
    profile,
    break: ({ parts: [inner] }, _, random) => {
      const others =
        inner === undefined
          ? []
          : variants(node.inner, inner.value, context.protocol, random).filter(
              (each) => outcome(each) === wanted,
            )
      const other = oneOf(others, random)
      if (other === undefined) {
        return null
      }
      const outer = from(other)
      const broken = edit(writtenBytes(node.inner, context.protocol, other), before)
      return isLeft(outer) ? broken : { ...broken, reads: { value: outer.right } }
    },
  })
  return [
    rule(
      node.summary ?? 'a value that it accepts',
      'its value is not allowed',
      'InvalidValue',
      'compatible',
      'refused',
    ),
    rule(
      'a value as it is written',
      'no encoder writes the value in this form',
      'NotCanonical',
      'canonical',
      'normalised',
    ),
  ]
}

/** The rules of a fixed field: exactly its value. */
export const fixedRules = ({ fixed, node }: Site, context: Context): ReadonlyArray<Rule> =>
  fixed === undefined
    ? []
    : [
        {
          text: 'the value that is fixed',
          wrong: 'it has another value than the fixed one',
          tag: 'UnexpectedValue',
          profile: fixed.ignored ? 'canonical' : 'compatible',
          break: ({ value }, _, random) => {
            const other = oneOf(variants(node, value, context.protocol, random), random)
            return other === undefined ? null : edit(writtenBytes(node, context.protocol, other))
          },
        },
        ...(node._tag === 'int' && Number(fixed.value) === 0 && !fixed.ignored ? [notALength] : []),
      ]

/** If a decoder takes a 0 for the empty text, another text must be there. */
const notALength: Rule = {
  text: 'the value that is fixed, not a length and as many bytes',
  wrong: 'a text stands where 0 must be',
  tag: 'UnexpectedValue',
  profile: 'compatible',
  break: () => edit(paddedContent(Uint8Array.of(0x78))),
}
