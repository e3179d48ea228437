import { limitsOf } from '../../combinators/limits.js'
import type { FramedNode, GatedNode, Node, SequenceNode } from '../../combinators/node.js'
import { choiceDefinition, untilDefinition } from './choices.js'
import { armsOf } from './gates.js'
import { Ids } from './ids.js'
import { boolDefinition, intDefinition, integer } from './integers.js'
import { structDefinition } from './structs.js'
import { bytesDefinition, textDefinition } from './texts.js'
import type { Definition, Field, Reading, Types } from './types.js'

/**
 * A node as a type of Kaitai Struct. `id` is the name of the type, `taken` are the names that no field can have.
 */
export const definitionOf = (
  node: Node,
  id: string,
  taken: ReadonlyArray<string>,
  types: Types,
): Definition => {
  switch (node._tag) {
    case 'int':
      return intDefinition(node)
    case 'bool':
      return boolDefinition(node)
    case 'bytes':
      return bytesDefinition(node, types)
    case 'text':
      return textDefinition(node, types)
    case 'struct':
      return structDefinition(node, id, taken, types)
    case 'sequence':
      return sequenceDefinition(node, id, types)
    case 'choice':
      return choiceDefinition(node, id, types)
    case 'gated':
      return gatedDefinition(node, id, taken, types)
    case 'pure':
      return { doc: [node.summary ?? '', 'no bytes'], fields: [] }
    case 'until':
      return untilDefinition(node, id, types)
    case 'framed':
      return framedDefinition(node, id, types)
    case 'lazy':
      return definitionOf(node.get(), id, taken, types)
    case 'imap':
    case 'span': {
      const reading = integer(node)
      const { doc, ...inner } =
        reading === null
          ? definitionOf(node.inner, id, taken, types)
          : { doc: [], fields: [{ id: 'value', ...reading }], shown: '{value}' }
      return { doc: [node.summary ?? '', ...doc], ...inner }
    }
  }
}

const limits = limitsOf()

/** How a node is read as a field or an item of another one. */
export const readingOf = (node: Node, name: string, types: Types): Reading =>
  integer(node) ?? { type: types.of(node, name) }

const sequenceDefinition = (node: SequenceNode, id: string, types: Types): Definition => {
  const { summary = '' } = node
  const item: Reading =
    node.kind === 'map'
      ? { type: types.helper(node, `${id}_entry`, node, (entry) => entryOf(node, entry, types)) }
      : readingOf(node.item, `${id}_item`, types)
  if (node.count === 'toEnd') {
    return {
      doc: [summary, 'items up to the end of what is read'],
      fields: [{ id: 'items', ...item, repeat: 'eos' }],
    }
  }
  const { keepBits, max } = node.count
  const most = { max: max < BigInt(limits.collection) ? max : limits.collection }
  const [count, value]: readonly [Field, string] =
    keepBits === undefined
      ? [{ id: 'count', type: 'u8', valid: most }, 'count']
      : [{ id: 'count', type: types.of(node.count, 'count') }, 'count.value']
  return {
    doc: [summary, orderWords(node)],
    fields: [count, { id: 'items', ...item, repeat: 'expr', 'repeat-expr': value }],
  }
}

const orderWords = (node: SequenceNode): string => {
  switch (node.kind) {
    case 'list':
      return ''
    case 'set':
      return 'in ascending order and each once, which is not checked'
    case 'map':
      return `in ascending order of the keys, which is not checked; of two entries with one key the ${node.duplicates} counts`
  }
}

const entryOf = (node: SequenceNode, id: string, types: Types): Definition => ({
  doc: [],
  fields:
    node.kind === 'map'
      ? [
          { id: 'key', ...readingOf(node.key, `${id}_key`, types) },
          { id: 'value', ...readingOf(node.item, `${id}_value`, types) },
        ]
      : [],
})

const gatedDefinition = (
  node: GatedNode,
  id: string,
  taken: ReadonlyArray<string>,
  types: Types,
): Definition => {
  const ids = new Ids('form', taken)
  return {
    doc: [node.summary ?? '', 'one of these forms'],
    fields: armsOf(node).map((arm) => ({
      id: ids.take(arm.name),
      ...readingOf(arm.node, `${id}_${arm.name}`, types),
      if: arm.if,
      doc: [`if ${arm.words}`],
    })),
  }
}

const framedDefinition = (node: FramedNode, id: string, types: Types): Definition => ({
  doc: [
    node.summary ?? '',
    `frames up to an empty one; what they hold, joined, is a ${types.of(node.inner, `${id}_content`)}`,
  ],
  fields: [
    {
      id: 'frames',
      type: types.helper('frame', 'frame', null, () => frameDefinition),
      repeat: 'until',
      'repeat-until': '_.len == 0',
    },
  ],
})

const frameDefinition: Definition = {
  doc: ['a length and that many bytes, without padding'],
  fields: [
    { id: 'len', type: 'u8', valid: { max: limits.frame } },
    { id: 'content', size: 'len' },
  ],
}
