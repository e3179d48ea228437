import { isRight } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import { decodeUtf8 } from '../../bytes/utf8.js'
import type { TextNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { paddedContent } from '../../combinators/wire-bytes.js'
import { contentIn } from './paddings.js'
import { generator } from './random.js'
import { type Context, edit, type Rule } from './rule.js'
import { type TextEdit, textEdits } from './text-edits.js'
import { examplesOf, judge } from './text-examples.js'

const encoder = new TextEncoder()

export type Outcome = Exclude<ReturnType<typeof judge>, 'canonical'>

/** A change to texts of a format, and its possible outcomes. */
interface JudgedEdit {
  readonly edit: TextEdit
  readonly outcomes: ReadonlyArray<Outcome>
}

/** Rules of a text's format: what it rejects, and what it reads but would write differently. */
export const textRules = (node: TextNode, kind: TextEdit['kind'], context: Context): ReadonlyArray<Rule> => {
  const { format } = node
  return format === null
    ? []
    : judgedEdits(format, context.protocol)
        .filter(({ edit: { kind: own } }) => own === kind)
        .flatMap(({ edit: change, outcomes }) =>
          outcomes.map((outcome) => formatRule(node, format, change, outcome, context)),
        )
}

const known = new WeakMap<TextFormat<unknown>, Map<string, ReadonlyArray<JudgedEdit>>>()

const judgedEdits = (format: TextFormat<unknown>, protocol: Protocol): ReadonlyArray<JudgedEdit> => {
  const ofFormat = known.get(format) ?? new Map<string, ReadonlyArray<JudgedEdit>>()
  known.set(format, ofFormat)
  // Once the protocol is decided, a format depends only on the store directory.
  const found =
    ofFormat.get(protocol.storeDir) ??
    textEdits(format, protocol).map((each) => ({
      edit: each,
      outcomes: outcomesOf(format, each, protocol),
    }))
  ofFormat.set(protocol.storeDir, found)
  return found
}

/** The number of tries for a random change, to see its possible outcomes. */
const tries = 12

/**
 * The possible outcomes of a change. If the format has neither a pattern nor texts, only a value can tell.
 */
const outcomesOf = (
  format: TextFormat<unknown>,
  { change }: TextEdit,
  protocol: Protocol,
): ReadonlyArray<Outcome> => {
  const all: ReadonlyArray<Outcome> =
    format.strict === undefined ? ['refused', 'normalised'] : ['refused', 'lax', 'normalised']
  const examples = examplesOf(format, protocol)
  const random = generator(examples.length)
  const changed = new Set(
    examples.flatMap((text) => Array.from({ length: tries }, () => change(text, random))),
  )
  const seen = [...changed].map((text) => (text === null ? null : judge(format, text, protocol)))
  return examples.length === 0 ? all : all.filter((outcome) => seen.includes(outcome))
}

/** What the text of a rule begins with. */
const saidOf: { readonly [O in Outcome]: string } = {
  refused: 'text',
  lax: 'strict text',
  normalised: 'text as it is written',
}

/**
 * The group of a format's rules. What one format rejects says nothing about another, but a decoder that does not check one
 * breaks all its rules at once.
 */
export const textGroup = ({ name }: TextFormat<unknown>, outcome: Outcome): string =>
  `${name}: ${outcome === 'refused' ? 'its form' : saidOf[outcome]}`

/** The most changes that are made until one has the wanted outcome. */
const attempts = 4

const formatRule = (
  node: TextNode,
  format: TextFormat<unknown>,
  { name, rule, wrong, change }: TextEdit,
  outcome: Outcome,
  { protocol, limits }: Context,
): Rule => ({
  text: `${saidOf[outcome]}: ${name}`,
  wrong,
  group: textGroup(format, outcome),
  detail: rule,
  tag: outcome === 'normalised' ? 'NotCanonical' : 'InvalidText',
  profile: outcome === 'refused' ? 'compatible' : 'canonical',
  break: ({ bytes }, _, random) => {
    const text = bytes === null ? null : textIn(bytes)
    // An absent text has nothing to break, so another takes its place.
    const base = text === '' && node.optional ? (examplesOf(format, protocol)[0] ?? null) : text
    const most = Math.min(node.limit ?? limits.string, limits.string)
    for (let i = 0; i < attempts && base !== null; i++) {
      const broken = change(base, random)
      if (broken === null || (broken === '' && node.optional) || !broken.isWellFormed()) {
        return null
      }
      const content = encoder.encode(broken)
      if (content.length <= most && judge(format, broken, protocol) === outcome) {
        const edited = edit(paddedContent(content), 8)
        const parsed = format.parse(broken, protocol)
        return isRight(parsed)
          ? { ...edited, reads: { value: node.optional ? some(parsed.right) : parsed.right } }
          : edited
      }
    }
    return null
  },
})

const textIn = (bytes: Uint8Array): string | null => {
  const text = decodeUtf8(contentIn(bytes))
  return isRight(text) ? text.right : null
}
