import { none, some } from 'fp-ts/lib/Option.js'
import type { CaseNode, ChoiceNode } from '../../combinators/node.js'
import { oneOf, showValue } from './show.js'
import type { Place, Source } from './source.js'
import { type NodeReader, readAnnouncement } from './spot.js'
import type { OpenPart } from './tree.js'

/** Reads a tag, and with `readBody` what it says follows. */
export const readChoice = (
  reader: NodeReader,
  node: ChoiceNode,
  source: Source,
  around: OpenPart,
  readBody: (found: CaseNode) => unknown,
): unknown => {
  const { shape } = node
  const { pos } = source
  const path = shape._tag === 'tagged' ? [...around.path, shape.key] : around.path
  const tag = readAnnouncement(reader, node.tag, 'tag', source, around, path) as number | bigint | string
  const wire = typeof tag === 'number' ? BigInt(tag) : tag
  const index = node.cases.findIndex((each) => each.tag === wire)
  const found = node.cases[index]
  if (found === undefined) {
    if (node.open) {
      return tag
    }
    around.parts.at(-1)?.reject()
    return refuseTag(node, source, pos, { path, grammar: around.own }, tag)
  }
  const body = readBody(found)
  switch (shape._tag) {
    case 'enum':
      return found.name
    case 'tagged':
      return body
    case 'option':
      return index === 0 ? none : some(found.body === undefined ? found.name : body)
  }
}

const refuseTag = (node: ChoiceNode, source: Source, pos: number, place: Place, tag: unknown): never => {
  const expected = oneOf(node.cases, (each) => `${showValue(each.tag)} (${each.name})`)
  return source.refuse('UnknownTag', pos, place, expected, showValue(tag))
}
