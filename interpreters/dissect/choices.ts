import { none, some } from 'fp-ts/lib/Option.js'
import type { Issue } from '../../combinators/issue.js'
import type { CaseNode, ChoiceNode, ResolvedNode } from '../../combinators/node.js'
import { show } from '../../combinators/show.js'
import { bounds } from '../../combinators/size.js'
import * as words from '../../combinators/words.js'
import { type Place, Refusal, type Source } from './source.js'
import { announcement, type Reading, type Stage } from './spot.js'
import type { OpenPart } from './tree.js'

const known = new WeakMap<ChoiceNode<ResolvedNode>, boolean>()

/** Whether what follows depends on the tag: then after an invalid tag reading cannot go on. */
const decides = (node: ChoiceNode<ResolvedNode>): boolean => {
  const found = known.get(node) ?? mayFollow(node)
  known.set(node, found)
  return found
}

/** Whether anything may follow an unknown tag. */
const mayFollow = ({ cases, rest }: ChoiceNode<ResolvedNode>): boolean =>
  rest === undefined
    ? cases.some(({ body }) => body !== undefined && bounds(body).max > 0)
    : typeof rest === 'object' && bounds(rest.body).max > 0

/** What follows a tag. */
type Follows = Pick<CaseNode<ResolvedNode>, 'body'>

/** Reads a tag, and with `readBody` what follows it. An unknown tag that nothing can follow is kept. */
export function* readChoice(
  reading: Reading,
  node: ChoiceNode<ResolvedNode>,
  source: Source,
  around: OpenPart,
  readBody: (found: Follows, known: ReadonlyArray<readonly [string, unknown]>) => Stage,
): Stage {
  const { shape, rest } = node
  const { pos } = source
  const path = shape._tag === 'tagged' ? [...around.path, shape.key] : around.path
  const tag = yield announcement(node.tag, 'tag', source, around, path, decides(node))
  const wire = typeof tag === 'number' ? BigInt(tag) : tag
  const index = node.cases.findIndex((each) => each.tag === wire)
  const found = node.cases[index]
  if (found === undefined && typeof rest === 'object' && shape._tag === 'tagged') {
    return yield* readBody(rest, [
      [shape.key, rest.name],
      [rest.key, tag],
    ])
  }
  if (found === undefined) {
    const part = around.parts.at(-1)
    if (rest === undefined && !isOutOfPlace(node, wire)) {
      const issue = unknownTag(node, source, pos, { path, grammar: around.own }, tag)
      if (decides(node)) {
        part?.reject()
        source.pos = pos
        throw new Refusal(issue)
      }
      reading.note(part, issue)
    }
    return shape._tag === 'option' && rest === undefined ? some(tag) : tag
  }
  const body = yield* readBody(found, shape._tag === 'tagged' ? [[shape.key, found.name]] : [])
  switch (shape._tag) {
    case 'enum':
      return found.name
    case 'tagged':
      return body
    case 'option':
      return index === 0 ? none : some(found.body === undefined ? found.name : body)
  }
}

/** Whether a tag has an issue already, so that an unknown one is not reported again. */
const isOutOfPlace = ({ tag }: ChoiceNode<ResolvedNode>, wire: unknown): boolean =>
  tag._tag === 'int'
    ? (wire as bigint) > tag.max
    : tag.encoding === 'utf8' && !(wire as string).isWellFormed()

const unknownTag = (
  node: ChoiceNode<ResolvedNode>,
  source: Source,
  pos: number,
  place: Place,
  tag: unknown,
): Issue => {
  const expected = words.oneOfCases(node)
  return source.issue('UnknownTag', pos, place, expected, show(tag))
}
