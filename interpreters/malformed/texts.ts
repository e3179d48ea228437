import { isRight } from 'fp-ts/lib/Either.js'
import { decodeUtf8 } from '../../bytes/utf8.js'
import type { TextNode } from '../../combinators/node.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { paddedContent } from '../../combinators/wire-bytes.js'
import { contentIn } from './paddings.js'
import { type Context, edit, type Rule } from './rule.js'
import { examplesOf, judge, type TextEdit, textEdits } from './text-edits.js'

const encoder = new TextEncoder()

/** Rules of a text's format: what it refuses, and what it reads and would write otherwise. */
export const textRules = (node: TextNode, context: Context): ReadonlyArray<Rule> => {
  const { format } = node
  return format === null
    ? []
    : textEdits(format, context.protocol).flatMap((change) =>
        outcomesOf(format, change, context).map((outcome) =>
          formatRule(node, format, change, outcome, context),
        ),
      )
}

type Outcome = Exclude<ReturnType<typeof judge>, 'canonical'>

/** What may come of a change. Where the format has no pattern only a value can tell. */
const outcomesOf = (
  format: TextFormat<unknown>,
  { change }: TextEdit,
  { protocol }: Context,
): ReadonlyArray<Outcome> => {
  const all: ReadonlyArray<Outcome> =
    format.strict === undefined ? ['refused', 'normalised'] : ['refused', 'lax', 'normalised']
  const examples = examplesOf(format, protocol)
  const seen = examples.map(change).map((text) => (text === null ? null : judge(format, text, protocol)))
  return examples.length === 0 ? all : all.filter((outcome) => seen.includes(outcome))
}

const saidOf: { readonly [O in Outcome]: string } = {
  refused: 'text',
  lax: 'strict text',
  normalised: 'text as it is written',
}

const formatRule = (
  node: TextNode,
  format: TextFormat<unknown>,
  { name, change }: TextEdit,
  outcome: Outcome,
  { protocol, limits }: Context,
): Rule => ({
  text: `${saidOf[outcome]}: ${name}`,
  tag: outcome === 'normalised' ? 'NotCanonical' : 'InvalidText',
  profile: outcome === 'refused' ? 'compatible' : 'canonical',
  break: ({ bytes }) => {
    const text = bytes === null ? null : textIn(bytes)
    // An absent text gives no occasion to break it, but another can stand in its place.
    const base = text === '' && node.optional ? (examplesOf(format, protocol)[0] ?? null) : text
    const broken = base === null ? null : change(base)
    if (broken === null || (broken === '' && node.optional) || !broken.isWellFormed()) {
      return null
    }
    const content = encoder.encode(broken)
    const fits = content.length <= Math.min(node.limit ?? limits.string, limits.string)
    return fits && judge(format, broken, protocol) === outcome ? edit(paddedContent(content), 8) : null
  },
})

const textIn = (bytes: Uint8Array): string | null => {
  const text = decodeUtf8(contentIn(bytes))
  return isRight(text) ? text.right : null
}
